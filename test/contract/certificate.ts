// A certificate for localhost that nobody vouches for, made anew for each run.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** A certificate and its key, or the reason why there is none. */
export const makeCertificate = (folder: string): { cert: string; key: string } | { lacking: string } => {
  const cert = join(folder, "cert.pem");
  const key = join(folder, "key.pem");
  try {
    const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
    execFileSync("openssl", [...args, "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert], {
      stdio: "ignore",
    });
    return { cert, key };
  } catch {
    return { lacking: "openssl is not installed, so no certificate can be made" };
  }
};
