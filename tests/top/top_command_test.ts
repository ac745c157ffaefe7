import assert from "node:assert/strict";
import { parseTopArguments } from "../../lib/top/top_command.ts";

const USUAL = {
  url: "http://127.0.0.1:9120/",
  login: undefined,
  caFile: undefined,
  sort: "cpu",
  filter: "",
  form: "screen",
};

Deno.test("parseTopArguments reads flags in every spelling", () => {
  const cases: readonly (readonly [readonly string[], object])[] = [
    [[], {}],
    [["-url=https://node1:9120"], { url: "https://node1:9120/" }],
    [["--url", "http://[::1]:9120/oie/"], { url: "http://[::1]:9120/oie/" }],
    [["-user=ann", "-password.file", "p"], { login: { user: "ann", passwordFile: "p" } }],
    [["-ca.file=/etc/ca.pem"], { caFile: "/etc/ca.pem" }],
    [["-sort=flows", "-filter", "project:web"], { sort: "flows", filter: "project:web" }],
    [["-once"], { form: "once" }],
    [["-once", "-json"], { form: "json" }],
    [["-once=true", "-once=false"], {}],
  ];
  for (const [args, given] of cases) {
    const expected = { action: "show", options: { ...USUAL, ...given } };
    assert.deepEqual(parseTopArguments(args), expected, args.join(" "));
  }
});

Deno.test("parseTopArguments answers help with every flag", () => {
  const command = parseTopArguments(["-h", "-once"]);
  assert.equal(command.action, "help");
  const text = command.action === "help" ? command.text : "";
  assert.deepEqual(text.match(/^ {2}-\S+/gm)?.map((flag) => flag.trim()), [
    ...["-url", "-user", "-password.file", "-ca.file", "-sort", "-filter", "-once", "-json"],
  ]);
  assert.match(text, /^Usage of top:\n/);
  assert.match(text, /-sort what\n {8}What comes first: cpu, .*, project \(default cpu\)\n/);
});

Deno.test("parseTopArguments refuses anything else in one line", () => {
  const flags = "-url, -user, -password.file, -ca.file, -sort, -filter, -once, -json";
  const sorts = "cpu, memory, disk, requests, net, packets, flows, threats, marks, name, project";
  const url = (text: string) =>
    `Cannot parse flag -url: "${text}" is not a URL such as https://node1.example:9120`;
  const bad: readonly (readonly [readonly string[], string])[] = [
    [["x"], 'Cannot parse argument "x": top takes flags alone, see top -h'],
    [["-insecure"], `Cannot parse flag "-insecure": top has only ${flags}`],
    [["-url"], "Cannot parse flag -url: it needs a value, none follows"],
    [["-url="], url("")],
    [["-url=node1:9120"], url("node1:9120")],
    [["-url=ftp://node1/"], url("ftp://node1/")],
    [
      ["-url=http://ann:secret@node1/"],
      "Cannot parse flag -url: it has a user or a password, which others could read; " +
      "give -user and -password.file",
    ],
    [
      ["-url=http://node1/?a"],
      'Cannot parse flag -url: "http://node1/?a" has more than an address and a path',
    ],
    [["-sort=size"], `Cannot parse flag -sort: "size" is not one of ${sorts}`],
    [["-once=maybe"], 'Cannot parse flag -once: "maybe" is not true or false'],
    [["-user=ann"], "Cannot use one of -user and -password.file: the other one is empty"],
    [["-password.file=p"], "Cannot use one of -user and -password.file: the other one is empty"],
    [
      ["-user=a:b", "-password.file=p"],
      'Cannot parse flag -user: "a:b" has a colon, which no user has',
    ],
  ];
  for (const [args, message] of bad) {
    assert.throws(() => parseTopArguments(args), { name: "UsageError", message });
  }
});
