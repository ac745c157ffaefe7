import assert from "node:assert/strict";
import { COLLECTORS } from "../../lib/collectors/collectors.ts";
import { parseFlags } from "../../lib/config/parse_flags.ts";
import { UsageError } from "../../lib/config/usage_error.ts";
import { DomainXmlError, MAX_XML_LENGTH, parseDomainXml } from "../../lib/inventory/domain_xml.ts";
import { DynamicCache } from "../../lib/metrics/dynamic_cache.ts";
import { parseStatus } from "../../lib/reading/process_reader.ts";
import { parserOf } from "../../lib/threat/list_parser.ts";
import { ListFormatError } from "../../lib/threat/parsed_list.ts";
import { configOf, cycle, reading } from "../collectors/readings.ts";

/** Each takes seconds at most, on a busy machine too; work that grows with the square took ten minutes. */
const LIMIT_MS = 60_000;
const LIST_BYTES = 4 * 1024 * 1024;
const PIECE_BYTES = 16 * 1024;

/** Text of about so many characters: `part` of 0, 1, 2 and so on between two ends. */
function filled(length: number, part: (number: number) => string, begin = "", end = ""): string {
  const parts: string[] = [];
  let room = length - begin.length - end.length;
  for (let number = 0;; number++) {
    const next = part(number);
    if ((room -= next.length) < 0) return begin + parts.join("") + end;
    parts.push(next);
  }
}

const NOVA = "<domain><metadata><i:instance><i:ports><i:port>";
const NOVA_END = "</i:port></i:ports></i:instance></metadata></domain>";
const ip = (number: number) => `10.${number >>> 16 & 255}.${number >>> 8 & 255}.${number & 255}`;

const XML: Readonly<Record<string, string>> = {
  "addresses": filled(MAX_XML_LENGTH, (n) => `<i:ip address="${ip(n)}"/>`, NOVA, NOVA_END),
  "the same address": filled(MAX_XML_LENGTH, () => '<i:ip address="10.0.0.1"/>', NOVA, NOVA_END),
  "disks": filled(
    MAX_XML_LENGTH,
    (n) => `<disk><target dev="v${n}"/></disk>`,
    "<domain><devices>",
    "</devices></domain>",
  ),
  "attributes of one element": filled(MAX_XML_LENGTH, (n) => ` a${n}="x"`, "<domain", "/>"),
  "one attribute": filled(MAX_XML_LENGTH, () => "a", '<domain a="', '"/>'),
  "one text": filled(MAX_XML_LENGTH, () => "a&amp;", "<domain><vcpu>", "</vcpu></domain>"),
  "CDATA": filled(MAX_XML_LENGTH, () => "<![CDATA[]]]]>", "<domain><vcpu>", "</vcpu></domain>"),
  "comments": filled(MAX_XML_LENGTH, () => "<!-- - -->", "<domain>", "</domain>"),
  "depth": filled(MAX_XML_LENGTH, () => "<domain>"),
  "an open comment": filled(MAX_XML_LENGTH, () => "<!-", "<domain><!--"),
  "a document type": filled(
    MAX_XML_LENGTH,
    (n) => `<!ENTITY e${n} "&e${n - 1};">`,
    "<!DOCTYPE d [",
    "]>",
  ),
};

for (const [title, text] of Object.entries(XML)) {
  Deno.test(`parseDomainXml's work for 4 MiB of ${title} is bounded, and the collectors'`, () => {
    within(() => {
      try {
        const description = parseDomainXml(text);
        const cache = new DynamicCache(1);
        for (const { name, families, start } of COLLECTORS) {
          const collect = start(configOf("-conntrack.min=0"));
          if (collect === undefined) continue;
          cache.addCollector(name, families);
          const flows = description.fixedIps.map(() => ({ flows: 1 }));
          const instance = reading({ description });
          cache.write(name, "a", collect(instance, cycle(0, flows)) ?? [], 0);
        }
      } catch (error) {
        if (!(error instanceof DomainXmlError)) throw error;
      }
    });
  });
}

const LISTS: Readonly<Record<string, string>> = {
  "one line": filled(LIST_BYTES, () => "1"),
  "line ends": filled(LIST_BYTES, () => "\n"),
  "blanks": filled(LIST_BYTES, () => " \t"),
  "comments": filled(LIST_BYTES, () => "#;"),
  "bad lines": filled(LIST_BYTES, () => "x y\n"),
  "falling addresses": filled(LIST_BYTES, (n) => `${ip(0xffffff - n)}\n`),
  "the same address": filled(LIST_BYTES, () => "192.0.2.1\n"),
  "one prefix in another": filled(LIST_BYTES, (n) => `10.0.0.0/${8 + n % 25}\n`),
  "one JSON string": filled(LIST_BYTES, () => '\\"', '{"relays":["', '"]}'),
  "JSON arrays": filled(LIST_BYTES, () => "[],", "[", "1]"),
  "JSON depth": filled(LIST_BYTES, () => "{"),
  "a JSON number": filled(LIST_BYTES, () => "1", "["),
  "blanks before JSON": filled(LIST_BYTES, () => " ", "", "{}"),
};

for (const [title, text] of Object.entries(LISTS)) {
  Deno.test(`a list parser's work for 4 MiB of ${title} is bounded`, () => {
    const bytes = new TextEncoder().encode(text);
    for (const format of ["auto", "plain", "onionoo", "drop"] as const) {
      within(() => {
        const parser = parserOf(format);
        try {
          for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
            parser.push(bytes.subarray(at, at + PIECE_BYTES));
          }
          parser.end();
        } catch (error) {
          if (!(error instanceof ListFormatError)) throw error;
        }
      });
    }
  });
}

Deno.test("parseFlags' work for an argument of 4 MiB is bounded", () => {
  const values = [
    filled(LIST_BYTES, (n) => `tier${n}:1,`),
    filled(LIST_BYTES, (n) => `eth${n},`),
    filled(LIST_BYTES, () => "1h"),
    filled(LIST_BYTES, () => " "),
    filled(LIST_BYTES, () => "[::1]:1,"),
    filled(LIST_BYTES, () => "0"),
    filled(LIST_BYTES, () => "a.", "https://"),
  ];
  const names = ["read.thresholds", "host.interfaces", "collection.interval", "cpu.min"];
  for (const name of [...names, "web.listen-address", "tor.exit.url", "web.telemetry-path"]) {
    for (const value of values) {
      within(() => {
        try {
          parseFlags([`-${name}=${value}`]);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
        }
      });
    }
  }
});

Deno.test("parseStatus' work for a file of 1 MiB is bounded", () => {
  for (const part of ["VmRSS:", "VmRSS: \n", " ", "\n", "1"]) {
    within(() => parseStatus(filled(1024 * 1024, () => part, "VmRSS: ")));
  }
});

function within(work: () => unknown): void {
  const startedMs = performance.now();
  work();
  const tookMs = performance.now() - startedMs;
  assert.ok(tookMs < LIMIT_MS, `${tookMs} ms`);
}
