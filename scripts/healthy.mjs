// For a container's health check: status 0 while the process answers /health/live on its own port.
import { get as getPlain } from "node:http";
import { get as getSecure } from "node:https";

const { PORT = "8080", TLS_CERT, TLS_CERT_FILE } = process.env;
const secure = Boolean(TLS_CERT ?? TLS_CERT_FILE);
// We ask ourselves whether we are alive; who we are is not in question, and the certificate names another host.
const options = { host: "127.0.0.1", port: PORT, path: "/health/live", timeout: 3_000, rejectUnauthorized: false };

const ask = secure ? getSecure : getPlain;
const request = ask(options, (response) => process.exit(response.statusCode === 200 ? 0 : 1));
request.on("timeout", () => process.exit(1));
request.on("error", () => process.exit(1));
