import assert from "node:assert/strict";
import { type CheckedList, checkList, parseCheckArguments } from "../../lib/threat/check_list.ts";
import { THREAT_LISTS } from "../../lib/threat/lists.ts";

/** What the check tells of a file with this text, its path left out. */
async function verdict(text: string, kind: CheckedList["kind"] = "auto") {
  const place = await Deno.makeTempFile({ prefix: "oie-check-list-" });
  try {
    await Deno.writeTextFile(place, text);
    const { text: told, code } = await checkList({ place, kind });
    return { told: told.replaceAll(place, "FILE"), code };
  } finally {
    await Deno.remove(place);
  }
}

Deno.test("checkList tells entries, widest prefixes and what was skipped", async () => {
  const text =
    "1.2.3.4\n1.2.3.4\n10.0.0.0/8\n5.6.7.0/24\n0.0.0.0/0\n\nx\x1b[2Jy # c\n2001:db8::/32\n";
  assert.deepEqual(await verdict(text), {
    told: `list: FILE
kind: auto, written as plain
lists: tor_exit tor_relay spamhaus emergingthreats customlist
entries: 4 (IPv4 3, IPv6 1)
repeated: 1
widest: 10.0.0.0/8 5.6.7.0/24 2001:db8::/32
refused: 0.0.0.0/0
skipped: 2
  line 5: prefix wider than /8: "0.0.0.0/0"
  line 7: no address or prefix: "x\\u001b[2Jy"
accepted: yes
`,
    code: 0,
  });
});

Deno.test("checkList tells a list that would not be taken, and why", async () => {
  assert.deepEqual(await verdict("x\n".repeat(30)), {
    told: `list: FILE
kind: auto, written as plain
lists: -
entries: 0 (IPv4 0, IPv6 0)
repeated: 0
widest: -
refused: -
skipped: 30
${Array.from({ length: 20 }, (_, at) => `  line ${at + 1}: no address or prefix: "x"\n`).join("")}\
  and 10 more
accepted: no, Cannot use the list: it has no valid entry, 30 bad ones, such as line 1: no address or prefix
`,
    code: 1,
  });
  assert.deepEqual(await verdict('{"relays":[', "onionoo"), {
    told: "list: FILE\nkind: onionoo\naccepted: no, Cannot read the list: its JSON is cut off\n",
    code: 1,
  });
});

const DROP = '# from Spamhaus\n{"cidr":"1.2.3.0/24"}\n{"cidr":"0.0.0.0/0"}\n';
const ONIONOO = '{"relays":[{"or_addresses":["1.2.3.4:1"]}]}';

/** Text and kind to what is told of kind, lists, refused prefixes and whether it would be taken. */
const VERDICTS: readonly (readonly [string, CheckedList["kind"], readonly string[]])[] = [
  [DROP, "auto", ["auto, written as drop", "spamhaus", "0.0.0.0/0", "yes"]],
  [DROP, "spamhaus", ["spamhaus, written as drop", "spamhaus", "0.0.0.0/0", "yes"]],
  [DROP, "drop", ["drop", "spamhaus", "0.0.0.0/0", "yes"]],
  [DROP, "customlist", ["customlist, written as plain", "-", "-", "no"]],
  [ONIONOO, "auto", ["auto, written as onionoo", "tor_exit tor_relay", "-", "yes"]],
  [ONIONOO, "tor_relay", ["tor_relay, written as onionoo", "tor_relay", "-", "yes"]],
  [ONIONOO, "spamhaus", ["spamhaus, written as plain", "-", "-", "no"]],
  ["1.2.3.4\n", "plain", ["plain", "emergingthreats customlist", "-", "yes"]],
  ["1.2.3.4\n", "tor_exit", ["tor_exit, written as plain", "tor_exit", "-", "yes"]],
  ["0.0.0.0/0\n::/0\n", "auto", ["auto, written as plain", "-", "0.0.0.0/0 ::/0", "no"]],
];

Deno.test("checkList tells for which lists a list is right, and what is refused", async () => {
  for (const [text, kind, expected] of VERDICTS) {
    const { told, code } = await verdict(text, kind);
    const found = ["kind", "lists", "refused", "accepted"].map((name) =>
      new RegExp(`^${name}: (.*?)(?:, Cannot.*)?$`, "m").exec(told)?.[1]
    );
    assert.deepEqual(found, expected, told);
    assert.equal(code, expected.at(-1) === "yes" ? 0 : 1);
  }
  const many = await verdict("1.2.3.4\n" + "x\n".repeat(30) + "0.0.0.0/1\n".repeat(25));
  assert.match(many.told, /^refused:( 0\.0\.0\.0\/1){20} and 5 more$/m);
});

Deno.test("checkList reads no device and no folder, and says what is missing", async () => {
  for (const place of ["/dev/zero", "/"]) {
    const { text, code } = await checkList({ place, kind: "plain" });
    assert.equal(
      text,
      `list: ${place}\nkind: plain\naccepted: no, Cannot read the list: it is no file\n`,
    );
    assert.equal(code, 1);
  }
  const { text, code } = await checkList({ place: "/no/such/list", kind: "plain" });
  assert.match(text, /accepted: no, Cannot read the list: No such file or directory/);
  assert.equal(code, 1);
});

Deno.test("parseCheckArguments reads one place and its kind", () => {
  const auto = { action: "check", list: { place: "x", kind: "auto" } };
  assert.deepEqual(parseCheckArguments(["x"]), auto);
  const drop = { action: "check", list: { place: "https://h/", kind: "drop" } };
  for (const args of [["-kind=drop", "https://h/"], ["https://h/", "--kind", "drop"]]) {
    assert.deepEqual(parseCheckArguments(args), drop);
  }
  for (const { name } of THREAT_LISTS) {
    const command = { action: "check", list: { place: "x", kind: name } };
    assert.deepEqual(parseCheckArguments(["x", `-kind=${name}`]), command);
  }
});

Deno.test("parseCheckArguments answers help, whatever else there is", () => {
  for (const args of [["-h"], ["--help"], ["x", "-kind=drop", "-h"]]) {
    const command = parseCheckArguments(args);
    assert.equal(command.action, "help");
    assert.match(command.action === "help" ? command.text : "", /tor_exit, .*customlist/);
  }
});

Deno.test("parseCheckArguments refuses anything else in one line", () => {
  const form = "give its file or URL, check-list FILE|URL [-kind=...]";
  const kinds = ["auto, plain, onionoo, drop", ...THREAT_LISTS.map(({ name }) => name)].join(", ");
  const bad: readonly (readonly [readonly string[], string])[] = [
    [[], `Cannot check a list: ${form}`],
    [[""], `Cannot check a list: ${form}`],
    [["-kind=drop"], `Cannot check a list: ${form}`],
    [["a", "b"], 'Cannot parse argument "b": check-list takes one file or URL'],
    [["a", "-kind=x"], `Cannot parse flag -kind: "x" is not one of ${kinds}`],
    [["a", "-kind"], "Cannot parse flag -kind: it needs a value, none follows"],
    [["a", "-x"], 'Cannot parse flag "-x": check-list has only -kind'],
  ];
  for (const [args, message] of bad) {
    assert.throws(() => parseCheckArguments(args), { name: "UsageError", message });
  }
});
