import assert from "node:assert/strict";
import { checkList, parseCheckArguments } from "../../lib/threat/check_list.ts";

/** What the check tells of a file with this text, its path left out. */
async function verdict(text: string, format: "auto" | "plain" | "onionoo" | "drop" = "auto") {
  const place = await Deno.makeTempFile({ prefix: "oie-check-list-" });
  try {
    await Deno.writeTextFile(place, text);
    const { text: told, code } = await checkList({ place, format });
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
kind: auto
entries: 4 (IPv4 3, IPv6 1)
repeated: 1
widest: 10.0.0.0/8 5.6.7.0/24 2001:db8::/32
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
kind: auto
entries: 0 (IPv4 0, IPv6 0)
repeated: 0
widest: -
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

Deno.test("checkList reads no device and no folder, and says what is missing", async () => {
  for (const place of ["/dev/zero", "/"]) {
    const { text, code } = await checkList({ place, format: "plain" });
    assert.equal(
      text,
      `list: ${place}\nkind: plain\naccepted: no, Cannot read the list: it is no file\n`,
    );
    assert.equal(code, 1);
  }
  const { text, code } = await checkList({ place: "/no/such/list", format: "plain" });
  assert.match(text, /accepted: no, Cannot read the list: No such file or directory/);
  assert.equal(code, 1);
});

Deno.test("parseCheckArguments reads one place and its kind", () => {
  const auto = { place: "x", format: "auto" };
  assert.deepEqual(parseCheckArguments(["x"]), auto);
  const drop = { place: "https://h/", format: "drop" };
  for (const args of [["-kind=drop", "https://h/"], ["https://h/", "--kind", "drop"]]) {
    assert.deepEqual(parseCheckArguments(args), drop);
  }
});

Deno.test("parseCheckArguments refuses anything else in one line", () => {
  const form = "give its file or URL, check-list FILE|URL [-kind=...]";
  const bad: readonly (readonly [readonly string[], string])[] = [
    [[], `Cannot check a list: ${form}`],
    [[""], `Cannot check a list: ${form}`],
    [["-kind=drop"], `Cannot check a list: ${form}`],
    [["a", "b"], 'Cannot parse argument "b": check-list takes one file or URL'],
    [["a", "-kind=x"], 'Cannot parse flag -kind: "x" is not one of auto, plain, onionoo, drop'],
    [["a", "-kind"], 'Cannot parse flag -kind: "" is not one of auto, plain, onionoo, drop'],
    [["a", "-x"], 'Cannot parse flag "-x": check-list has only -kind'],
  ];
  for (const [args, message] of bad) {
    assert.throws(() => parseCheckArguments(args), { name: "UsageError", message });
  }
});
