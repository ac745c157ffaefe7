import assert from "node:assert/strict";
import { projectsOf, selected } from "../../lib/live_page/selection.ts";
import { instance } from "./snapshots.ts";

const INSTANCES = [
  instance({ uuid: "aa-1", name: "Web-1", over: ["disk_read"] }),
  instance({
    uuid: "bb-2",
    name: "db",
    project: { uuid: "p-2", name: "data" },
    fixed_ips: [{ ip: "10.20.0.7", family: "ipv4", flows: 1, outbound: null }],
  }),
  instance({ uuid: "cc-3", name: "web-2", project: { uuid: "p-2", name: "data" } }),
  instance({ uuid: "dd-4", name: "helper", project: { uuid: "", name: "" }, over: ["threat"] }),
];
const ALL = { text: "", project: "", mark: undefined } as const;

const left = (filter: Partial<Parameters<typeof selected>[1]>) =>
  selected(INSTANCES, { ...ALL, ...filter }).map(({ uuid }) => uuid.slice(0, 1)).join("");

Deno.test("selected leaves who has every word somewhere, the project and the mark", () => {
  assert.equal(left({}), "abcd");
  assert.equal(left({ text: "WEB" }), "ac");
  assert.equal(left({ text: "  web   data " }), "c");
  assert.equal(left({ text: "10.20.0.7" }), "b");
  assert.equal(left({ text: "bb-" }), "b");
  assert.equal(left({ text: "(" }), "");
  assert.equal(left({ project: "p-2" }), "bc");
  assert.equal(left({ mark: "any" }), "ad");
  assert.equal(left({ mark: "threat" }), "d");
  assert.equal(left({ mark: "any", text: "web" }), "a");
});

Deno.test("projectsOf counts each project once, by name", () => {
  assert.deepEqual(projectsOf(INSTANCES), [
    { uuid: "p-2", name: "data", instances: 2 },
    { uuid: "p-1", name: "shop", instances: 1 },
  ]);
});
