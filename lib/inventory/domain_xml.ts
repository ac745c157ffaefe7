import { SaxesParser } from "saxes";
import type { InstanceDescription } from "./instance.ts";
import { DomainDraft } from "./domain_draft.ts";
import { DOMAIN_ELEMENTS, type XmlElement } from "./domain_elements.ts";

/** libvirt's own limit for a string on its wire, in characters. */
export const MAX_XML_LENGTH = 4 * 1024 * 1024;

/** Deeper than any domain of libvirt's schema. */
const MAX_DEPTH = 256;

/** Text that is not the XML of a domain. */
export class DomainXmlError extends Error {
  override readonly name = "DomainXmlError";
}

/**
 * Reads the XML of one domain: Nova's metadata, whatever its namespace prefix, and the devices.
 * Whatever is missing is empty or absent in the result; entities are not expanded.
 *
 * @throws {DomainXmlError} If the text is not well-formed, is no domain, or is absurdly long or deep.
 */
export function parseDomainXml(text: string): InstanceDescription {
  if (text.length > MAX_XML_LENGTH) {
    throw new DomainXmlError(
      `Cannot parse domain XML: it has ${text.length} characters, at most ${MAX_XML_LENGTH} are read`,
    );
  }
  const draft = new DomainDraft();
  try {
    feed(text, draft);
  } catch (cause) {
    if (cause instanceof DomainXmlError) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new DomainXmlError(`Cannot parse domain XML: ${said}`, { cause });
  }
  return draft.finish();
}

/** Walks the text once; only elements that {@link DOMAIN_ELEMENTS} names cost more than a step. */
function feed(text: string, draft: DomainDraft): void {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const path: (XmlElement | undefined)[] = [];
  let gathered = "";
  const gather = (part: string) => {
    if (path.at(-1)?.text !== undefined) gathered += part;
  };
  parser.on("text", gather);
  parser.on("cdata", gather);
  parser.on("opentag", ({ name, attributes }) => {
    if (path.length === 0 && name !== "domain") {
      throw new DomainXmlError(
        `Cannot parse domain XML: its root is <${name.slice(0, 64)}> instead of <domain>`,
      );
    }
    if (path.length === MAX_DEPTH) {
      throw new DomainXmlError(
        `Cannot parse domain XML: elements are nested deeper than ${MAX_DEPTH}`,
      );
    }
    const element = path.length === 0 ? DOMAIN_ELEMENTS : childOf(path.at(-1), name);
    path.push(element);
    if (element?.text !== undefined) gathered = "";
    element?.open?.(draft, attributes);
  });
  parser.on("closetag", () => {
    const element = path.pop();
    element?.text?.(draft, gathered);
    element?.close?.(draft);
  });
  parser.write(text).close();
}

function childOf(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  if (parent?.children === undefined) return undefined;
  // Nova chooses the prefix of its namespace; libvirt's own elements have none.
  const key = parent.anyPrefix === true ? name.slice(name.indexOf(":") + 1) : name;
  return parent.children.get(key);
}
