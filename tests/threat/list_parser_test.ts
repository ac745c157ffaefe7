import assert from "node:assert/strict";
import fc from "fast-check";
import { LIST_FORMATS, parserOf } from "../../lib/threat/list_parser.ts";
import { formatPrefix, parsePrefix } from "../../lib/threat/parse_prefix.ts";
import { PrefixSetBuilder } from "../../lib/threat/prefix_set.ts";
import { ListFormatError, type ParsedList } from "../../lib/threat/parsed_list.ts";

type Format = (typeof LIST_FORMATS)[number];

const encoder = new TextEncoder();

function parse(format: Format, text: string | Uint8Array, size = Infinity): ParsedList {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const parser = parserOf(format);
  for (let at = 0; at < bytes.length; at += size) parser.push(bytes.slice(at, at + size));
  return parser.end();
}

function entries({ set }: ParsedList): string[] {
  return [set.ipv4, set.ipv6].flatMap((table) =>
    Array.from(table.bits, (_, at) => formatPrefix(table, at))
  );
}

/** Text to entries, in every format, with the number of skipped lines. */
const LINES: readonly (readonly [string, readonly string[], number])[] = [
  ["", [], 0],
  ["1.2.3.4", ["1.2.3.4"], 0],
  ["1.2.3.4\n1.2.3.4\n1.2.3.4/32\n::ffff:1.2.3.4\n", ["1.2.3.4"], 0],
  ["1.2.3.4\r\n5.6.7.8\r9.9.9.9\n\r\n\r", ["1.2.3.4", "5.6.7.8", "9.9.9.9"], 0],
  ["\ufeff1.2.3.4\n", ["1.2.3.4"], 0],
  ["\ufeff# words\n1.2.3.4", ["1.2.3.4"], 0],
  ["# a\n; b\n  # c\n\t\n \n1.2.3.4#d\n5.6.7.8 ; e\n", ["1.2.3.4", "5.6.7.8"], 0],
  [" \t1.2.3.4\t \n", ["1.2.3.4"], 0],
  ["1.10.16.0/20 ; SBL256894\n2001:678:738::/48 ; SBL\n", ["1.10.16.0/20", "2001:678:738::/48"], 0],
  ["1.2.3.4/24", ["1.2.3.0/24"], 0],
  ["2001:db8::1/64\n2001:DB8:0:0::/64", ["2001:db8::/64"], 0],
  ["2001:db8::1 # word", ["2001:db8::1"], 0],
  ["::ffff:1.2.3.4/120", ["1.2.3.0/24"], 0],
  ["10.0.0.0/8\n2001::/16\n", ["10.0.0.0/8", "2001::/16"], 0],
  ["0.0.0.0\n255.255.255.255\n", ["0.0.0.0", "255.255.255.255"], 0],
  ["0.0.0.0/0\n128.0.0.0/1\n10.0.0.0/7\n::/0\n2000::/15\n::ffff:0:0/96\n::ffff:1.2.3.4/9", [], 7],
  ["1.2.3\n1.2.3.4.5\n256.1.1.1\n01.2.3.4\n0x1.2.3.4\n1.2.3.4/33\n1.2.3.4/\n1.2.3.4/08", [], 8],
  ["1.2.3.4 5.6.7.8\n1.2.3.4-1.2.3.9\n1.2.3.4:80\nfe80::1%eth0\n::1/129\nhost\n:::\n", [], 7],
  ["1.2.3.4/255.255.255.0\n1.2.3.4/-1\n1.2.3.4/24/24\n1.2.3.4/ 24\n+1.2.3.4", [], 5],
  ["<html><body>404</body></html>", [], 1],
  ["1.2.3.4\n" + "x".repeat(5000) + "\n5.6.7.8", ["1.2.3.4", "5.6.7.8"], 1],
  ["#" + "x".repeat(50_000) + "\n;" + "y".repeat(50_000) + "\n5.6.7.8", ["5.6.7.8"], 0],
  ["1.2.3.4" + " ".repeat(4090) + "\n5.6.7.8", ["5.6.7.8"], 1],
];

Deno.test("parserOf reads lines in every format, however they are cut into pieces", async (t) => {
  for (const [text, expected, skipped] of LINES) {
    await t.step(JSON.stringify(text.slice(0, 80)), () => {
      for (const format of LIST_FORMATS) {
        for (const size of [Infinity, 1, 7]) {
          const list = parse(format, text, size);
          assert.deepEqual([entries(list), list.skipped], [expected, skipped], `${format} ${size}`);
        }
      }
    });
  }
});

Deno.test("parserOf counts bad lines beyond the examples as those before, and finds entries among them", () => {
  const bad = [
    "x",
    "<p>",
    "1.2.3.4 5.6.7.8",
    "::1%e",
    "1.2.3",
    "g # 1.2.3.4",
    "\u00e9",
    "1.2.3.4-9",
  ];
  const good = ["9.9.9.9", "\u00a0::2", "\u00a0# words", "8.8.8.8/32 ; x", "0.0.0.0/0"];
  for (const format of LIST_FORMATS) {
    const lines = Array.from({ length: 5 }, () => [...bad, ...good]).flat();
    const list = parse(format, lines.join("\n"), 9);
    assert.deepEqual(entries(list), ["8.8.8.8", "9.9.9.9", "::2"], format);
    assert.deepEqual([list.skipped, list.tooWide, list.widest.length], [45, 5, 5]);
    assert.equal(list.examples.length, 20);
  }
});

const DROP = `{"cidr":"1.10.16.0/20","sblid":"SBL256894","rir":"apnic"}\r
{"cidr":"2001:678:738::/48","sblid":"SBL1"}
{"cidr":"0.0.0.0/0","sblid":"SBL#2;"}
{"cidr":7}
{"cidr"
[1]
{"type":"metadata","timestamp":1731000000,"size":81,"records":2,"copyright":"(c)","terms":"x"}
`;

Deno.test("parserOf reads Spamhaus DROP as one JSON object a line", () => {
  for (const format of ["drop", "auto"] as const) {
    const list = parse(format, DROP, 11);
    assert.deepEqual(entries(list), ["1.10.16.0/20", "2001:678:738::/48"]);
    assert.deepEqual(list.examples, [
      { line: 3, text: "0.0.0.0/0", reason: "prefix wider than /8" },
      { line: 4, text: '{"cidr":7}', reason: "no JSON object with a cidr" },
      { line: 5, text: '{"cidr"', reason: "no JSON object with a cidr" },
      { line: 6, text: "[1]", reason: "no address or prefix" },
    ]);
    assert.deepEqual(list.widest, list.examples.slice(0, 1));
    assert.deepEqual([list.read, list.skipped, list.tooWide], [2, 4, 1]);
  }
});

const ONIONOO = `{"version":"8.0",
"build_revision":"a\\u00e9\\"","relays_published":"2026-01-01 00:00:00",
"relays":[
{"or_addresses":["1.2.3.4:9001","[2001:db8::1]:9001"],"n":[[1.5e3,true,null,"9.9.9.9"]]},
{"or_addresses":["5.6.7.8:443"]},
{},
{"or_addresses":["5.6.7.9","2001:db8::2","\\u0031.1.1.1:1"],"exit_addresses":["7.7.7.7"]},
{"or_addresses":["nonsense:9001","0.0.0.0/0","[::1","[::1]:x",""]},
{"or_addresses":"8.8.8.8"}
],
"bridges":[{"or_addresses":["10.1.1.1:9001"]}],"or_addresses":["6.6.6.6"]}
`;

Deno.test("parserOf reads the addresses of relays of an Onionoo document", () => {
  for (const format of ["onionoo", "auto"] as const) {
    for (const text of [ONIONOO, "\ufeff\n \n" + ONIONOO, ONIONOO.replaceAll("\n", "")]) {
      for (const size of [Infinity, 1, 13]) {
        const list = parse(format, text, size);
        assert.deepEqual(entries(list), [
          "1.1.1.1",
          "1.2.3.4",
          "5.6.7.8",
          "5.6.7.9",
          "2001:db8::1",
          "2001:db8::2",
        ]);
        assert.equal(list.skipped, 5);
        assert.equal(list.tooWide, 1);
      }
    }
  }
});

Deno.test("parserOf refuses an Onionoo document that is cut off or no JSON", () => {
  for (let length = 1; length < ONIONOO.length - 2; length++) {
    assert.throws(() => parse("onionoo", ONIONOO.slice(0, length)), ListFormatError);
  }
  const bad = [
    "{]",
    "{}}",
    "{} {}",
    '{"a" 1}',
    '{"a":1,}',
    "{1:2}",
    '{"a":01}',
    '{"a":tru}',
    '{"a":[1,]}',
    '{"a":[,1]}',
    '{"a":"\n"}',
    '{"a":"\\x"}',
    "{,}",
    '{"a":{"b":1]}',
    '{"a"::1}',
    '{"a":1 2}',
    `{"a":${"[".repeat(100)}`,
    `{"a":${"9".repeat(100)}}`,
  ];
  for (const text of bad) assert.throws(() => parse("onionoo", text), ListFormatError, text);
});

Deno.test("parserOf takes strings of any length in an Onionoo document", () => {
  const long = "x".repeat(100_000);
  const text = `{"${long}":"${long}","relays":[{"or_addresses":["${long}","1.2.3.4:1"]}]}`;
  assert.deepEqual(entries(parse("onionoo", text, 999)), ["1.2.3.4"]);
});

Deno.test("parserOf takes what JSON.stringify writes as an Onionoo document", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), (extra) => {
      const document = { ...extra, relays: [{ extra, or_addresses: ["1.2.3.4:9001"] }] };
      assert.deepEqual(entries(parse("onionoo", JSON.stringify(document), 5)), ["1.2.3.4"]);
    }),
    { seed: 4, numRuns: 200 },
  );
});

Deno.test("parserOf throws nothing but a ListFormatError, and sums up what it was given", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("{", "}", '"', "[", "]", ":", ",", "\\", "\n", "\r", "#", ";", "/", "\ufeff"),
    fc.constantFrom('{"relays":[{"or_addresses":["', '"]}]}', '{"cidr":"', "1.2.3.4", "::/1"),
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.array(piece, { maxLength: 30 }).map((pieces) => encoder.encode(pieces.join(""))),
  );
  fc.assert(
    fc.property(bytes, fc.constantFrom(...LIST_FORMATS), fc.nat(20), (bytes, format, size) => {
      const read = (size: number) => {
        try {
          return parse(format, bytes, size);
        } catch (error) {
          assert.ok(error instanceof ListFormatError, String(error));
          return error.message;
        }
      };
      const whole = read(Infinity);
      // What comes out does not depend on how it came in.
      assert.deepEqual(read(size + 1), whole);
      if (typeof whole !== "string") assert.ok(whole.examples.length <= whole.skipped);
    }),
    { seed: 4, numRuns: 1500 },
  );
});

Deno.test("the quick way of reading a line agrees with the thorough one", () => {
  const part = fc.oneof(
    fc.nat(300).map(String),
    fc.constantFrom("00", "01", "", "0", "255", "1e1"),
  );
  const ipv4 = fc.array(part, { minLength: 3, maxLength: 5 }).map((parts) => parts.join("."));
  const group = fc.oneof(
    fc.nat(0x1ffff).map((group) => group.toString(16)),
    fc.constantFrom("", "", "0", "00ab", "FFFF", "g", "1.2.3.4"),
  );
  const ipv6 = fc.oneof(
    fc.array(group, { minLength: 1, maxLength: 10 }).map((groups) => groups.join(":")),
    fc.tuple(fc.array(group, { maxLength: 7 }), fc.array(group, { maxLength: 7 }))
      .map(([before, after]) => `${before.join(":")}::${after.join(":")}`),
    fc.ipV6(),
  );
  const length = fc.oneof(fc.nat(140).map(String), fc.constantFrom("", "08", "/8", "1x", "1000"));
  const text = fc.tuple(fc.oneof(ipv4, ipv6), fc.option(length))
    .map(([address, length]) => address + (length === null ? "" : `/${length}`))
    .filter((text) => text !== "");
  fc.assert(
    fc.property(text, (text) => {
      const prefix = parsePrefix(text);
      const list = parse("plain", text);
      if (typeof prefix === "string") {
        return assert.deepEqual(list.examples, [{ line: 1, text, reason: prefix }]);
      }
      const builder = new PrefixSetBuilder();
      builder.add(prefix.width, prefix.words, 0, prefix.length);
      assert.deepEqual(list.set, builder.build());
    }),
    { seed: 4, numRuns: 1500 },
  );
});
