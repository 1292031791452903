// A person at a desk without a system: reads letters, opens pages, fills in forms. A browser's manners, and no more.
export type Page = { status: number; headers: Headers; html: string; path: string };
export type Desk = {
  /** Follows our own redirections, as browsers do. */
  opens(path: string): Promise<Page>;
  /** Presses the button of the page that posts to `action`, with what stands in its hidden boxes. */
  presses(page: Page, action: RegExp, typed?: Record<string, string>): Promise<Page>;
  /** Sends a form that is on no page. */
  posts(path: string, body: Record<string, string>, headers?: Record<string, string>): Promise<Page>;
  cookies: Map<string, string>;
};

const MOST_REDIRECTIONS = 3;

export const openDesk = (origin: string): Desk => {
  const cookies = new Map<string, string>();
  const go = async (path: string, init: RequestInit = {}, left = MOST_REDIRECTIONS): Promise<Page> => {
    const jar = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...(init.headers as Record<string, string>), ...(jar !== "" && { cookie: jar }) };
    const reply = await fetch(new URL(path, origin), { ...init, headers, redirect: "manual" });
    for (const line of reply.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    const html = await reply.text();
    const on = reply.headers.get("location");
    if (reply.status === 303 && on !== null && left > 0) return go(on, {}, left - 1);
    return { status: reply.status, headers: reply.headers, html, path };
  };
  const posts: Desk["posts"] = (path, body, headers = {}) =>
    go(path, {
      method: "POST",
      headers: {
        "sec-fetch-site": "same-origin",
        "content-type": "application/x-www-form-urlencoded",
        ...headers,
      },
      body: new URLSearchParams(body).toString(),
    });
  return {
    opens: (path) => go(path),
    posts,
    presses: (page, action, typed = {}) => {
      const forms = [...page.html.matchAll(/<form method="post" action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/g)];
      const [, path = "", inside = ""] = forms.find(([, to = ""]) => action.test(to)) ?? [];
      if (path === "") throw new Error(`no form on this page posts to ${action}`);
      const hidden = [...inside.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
      return posts(path, { ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), ...typed });
    },
    cookies,
  };
};

/** What a page says, without its marks. */
export const saying = (page: Page): string =>
  page.html
    .replaceAll(/<(head|style)[\s\S]*?<\/\1>/g, " ")
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll(/\s+/g, " ");
