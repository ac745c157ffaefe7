import assert from "node:assert/strict";
import { bodyRows } from "../../lib/screen/body.ts";
import { listedInstances, type TopState } from "../../lib/screen/top_state.ts";
import { after, BUSY, instance, press, seen, showing, snapshot } from "./snapshots.ts";

const MANY = Array.from({ length: 20 }, (_, at) => instance(at, { cpu_percent: 100 - at }));
const NODE = snapshot(MANY);

/** Names of the rows that are seen, the chosen one in brackets. */
function rows(state: TopState): string {
  const listed = listedInstances(state);
  return listed.slice(state.scroll, state.scroll + bodyRows(state)).map(({ name }, at) =>
    state.scroll + at === state.cursor ? `[${name}]` : name
  ).join(" ");
}

Deno.test("step moves the cursor with the screen behind it", () => {
  const begun = showing(NODE);
  assert.equal(rows(begun), "[vm-0] vm-1 vm-2 vm-3 vm-4 vm-5 vm-6 vm-7");
  assert.equal(rows(press(begun, "down", "j", "up")), "vm-0 [vm-1] vm-2 vm-3 vm-4 vm-5 vm-6 vm-7");
  const below = press(begun, "pageDown");
  assert.equal(rows(below), "vm-1 vm-2 vm-3 vm-4 vm-5 vm-6 vm-7 [vm-8]");
  assert.equal(rows(press(below, "up")), "vm-1 vm-2 vm-3 vm-4 vm-5 vm-6 [vm-7] vm-8");
  const last = press(begun, "end", "down");
  assert.equal(rows(last), "vm-12 vm-13 vm-14 vm-15 vm-16 vm-17 vm-18 [vm-19]");
  assert.equal(rows(press(last, "home")), rows(begun));
  assert.equal(rows(press(last, "g", "k")), rows(begun));
});

Deno.test("step keeps the chosen instance under the cursor, and the first row without a choice", () => {
  const turned = { ...NODE, instances: MANY.map((each, at) => ({ ...each, cpu_percent: at })) };
  const update = (snapshot: typeof NODE) =>
    ({ kind: "snapshot", reception: { snapshot, ageMs: 0, atMs: 1 } }) as const;
  assert.equal(rows(after(showing(NODE), update(turned))).split(" ")[0], "[vm-19]");
  const chosen = after(press(showing(NODE), "down", "down"), update(turned));
  assert.equal(rows(chosen), "vm-9 vm-8 vm-7 vm-6 vm-5 vm-4 vm-3 [vm-2]");
  const without = { ...turned, instances: turned.instances.filter(({ name }) => name !== "vm-2") };
  assert.equal(rows(after(chosen, update(without))), "vm-9 vm-8 vm-7 vm-6 vm-5 vm-4 vm-3 [vm-1]");
  const few = after(chosen, update(snapshot([instance(1)])));
  assert.equal(rows(few), "[vm-1]");
  assert.equal(rows(after(few, update(snapshot([])))), "");
});

Deno.test("step sorts by the letter of a column, and again turns it around", () => {
  const node = snapshot([
    instance(1, { name: "b", memory_bytes: 3, project: { uuid: "", name: "x" } }),
    instance(2, { name: "a", memory_bytes: null, over: ["threat"] }),
    { ...BUSY, uuid: "9", name: "c", memory_bytes: 5 },
  ]);
  const order = (...keys: string[]) =>
    listedInstances(press(showing(node), ...keys)).map(({ name }) => name).join("");
  assert.equal(order("m"), "cba");
  assert.equal(order("m", "m"), "bca", "what is not known stays last");
  assert.equal(order("m", "m", "m"), "cba");
  assert.equal(order("a"), "abc");
  assert.equal(order("m", "m", "a"), "abc", "another column begins with its own direction");
  assert.equal(order("p"), "acb");
  for (const key of "cdrnxft") assert.equal(order("m", key), "cab", key);
  assert.equal(order("o"), "cab");
});

Deno.test("step filters while it is typed, and takes it back", () => {
  const typing = press(showing(NODE), "/", "v", "m", "-", "1");
  assert.equal(rows(typing), "[vm-1] vm-10 vm-11 vm-12 vm-13 vm-14 vm-15 vm-16");
  assert.equal(seen(typing).split("\n").at(-1), "/vm-1▏  Enter keep  Esc drop");
  assert.equal(press(typing, "q", "backspace", "enter").filter, "vm-1");
  assert.equal(press(typing, "enter", "escape").filter, "", "Escape drops the filter of the table");
  const again = press(typing, "enter", "/", "clear", "x");
  assert.equal(again.filter, "x");
  assert.equal(press(again, "escape").filter, "vm-1");
  assert.equal(press(again, "clear", "backspace").filterBefore, undefined);
  assert.equal(press(typing, " ", "a", "b", "clearWord").filter, "vm-1 ");
  assert.equal(press(typing, "up", "pageDown", "tab").filter, "vm-1");
  assert.equal(press(typing, ..."東京").filter, "vm-1東京");
});

Deno.test("step finds instances by every word of a filter", () => {
  const node = snapshot([BUSY, instance(2, { project: { uuid: "p-2", name: "web" } })]);
  const found = (filter: string) =>
    listedInstances(showing(node, { filter })).map(({ name }) => name).join(" ");
  assert.equal(found("WEB"), "web-0 vm-2");
  assert.equal(found("project:web"), "vm-2");
  assert.equal(found("project:p-1 10.1.0.5"), "web-0");
  assert.equal(found("2001:DB8:"), "web-0");
  assert.equal(found("instance-00000002"), "vm-2");
  assert.equal(found("alpha ann small"), "web-0");
  assert.equal(found("alphaann"), "");
  assert.equal(found("project:"), "web-0 vm-2");
});

Deno.test("step opens, helps and ends", () => {
  const begun = showing(NODE);
  assert.equal(press(begun, "q").hasEnded, true);
  assert.equal(press(begun, "escape").hasEnded, false);
  assert.equal(press(begun, "/", "interrupt").hasEnded, true);
  const open = press(begun, "down", "enter");
  assert.match(seen(open), /^vm-1$/m);
  for (const key of ["q", "escape", "left", "enter", "backspace"]) {
    assert.equal(press(open, key).view, "table", key);
    assert.equal(rows(press(open, key)), rows(press(begun, "down")));
  }
  const help = press(open, "?");
  assert.match(seen(help), /^ {2}\? h {14}this help$/m);
  assert.equal(press(help, "?").view, "instance");
  assert.equal(press(begun, "h", "q").view, "table");
  assert.equal(press(showing(snapshot([])), "enter").view, "table");
});

Deno.test("step follows the size of the terminal", () => {
  const last = press(showing(NODE), "end");
  const resized = after(last, { kind: "resize", size: { columns: 80, rows: 50 } });
  assert.equal(resized.scroll, 0);
  assert.equal(resized.cursor, 19);
  const low = after(last, { kind: "resize", size: { columns: 80, rows: 6 } });
  assert.equal(rows(low), "vm-18 [vm-19]");
});
