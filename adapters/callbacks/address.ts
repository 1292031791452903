// Where a callback goes: the registered address, and below it the path that the form of the message asks for.

/** The path is put behind the registered one. Scheme, host and port stay as registered, whatever the path says. */
export const addressOf = (registered: string, path = ""): string => {
  const url = new URL(registered);
  const cut = path.indexOf("?");
  const below = cut < 0 ? path : path.slice(0, cut);
  if (below !== "") url.pathname = `${url.pathname.replace(/\/+$/, "")}/${below.replace(/^\/+/, "")}`;
  if (cut >= 0) for (const [name, value] of new URLSearchParams(path.slice(cut))) url.searchParams.append(name, value);
  return url.href;
};
