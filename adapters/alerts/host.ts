// Host and port that an address leads to: two ways that share it fail together.
const PORTS: Record<string, string> = {
  "http:": "80",
  "https:": "443",
  "smtp:": "25",
  "smtps:": "465",
  "smtp+starttls:": "587",
};

export const hostOf = (address: string): string => {
  const { protocol, hostname, port } = new URL(address);
  return `${hostname}:${port === "" ? (PORTS[protocol] ?? "") : port}`;
};
