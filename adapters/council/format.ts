// XML or JSON, by extension, else by Accept, else XML: GeoReport demands XML and allows JSON.
import type { RequestHandler, Response } from "express";
import { XMLBuilder } from "fast-xml-parser";

type Format = "xml" | "json";

const EXTENSION = /\.([^./]*)$/;

/** Takes the extension off the path, so that the routes below know none. */
export const formats: RequestHandler = (req, res, next) => {
  const [path = "", ...query] = req.url.split("?");
  const extension = EXTENSION.exec(path)?.[1];
  if (extension !== undefined && extension !== "xml" && extension !== "json") {
    res.status(404).type("text/plain").send("Bad extension. We support .xml and .json");
    return;
  }
  res.locals["format"] = extension ?? wanted(req.accepts(["text/xml", "application/xml", "application/json"]));
  if (extension !== undefined) req.url = [path.replace(EXTENSION, ""), ...query].join("?");
  next();
};

const wanted = (type: string | false): Format => (type === "application/json" ? "json" : "xml");

const builder = new XMLBuilder({ format: true, suppressEmptyNode: true, suppressBooleanAttributes: false });

/** One answer in both forms: an XML tree, and its JSON by the Spark convention. All of it is our own text. */
export const send = (res: Response, status: number, answer: { xml: object; json: unknown }): void => {
  res.status(status);
  if (res.locals["format"] === "json") {
    res.set("Content-Type", "application/json; charset=utf-8").send(JSON.stringify(answer.json));
    return;
  }
  const body = String(builder.build(answer.xml));
  res.set("Content-Type", "text/xml; charset=utf-8").send(`<?xml version="1.0" encoding="utf-8"?>\n${body}`);
};
