import assert from "node:assert/strict";
import plugin from "../../scripts/lint_plugin.ts";
import { REPOSITORY } from "../../scripts/repository.ts";

/** The rules that complain of `source` in the file at `path`, in the order of the source. */
function complaints(path: string, source: string): readonly string[] {
  return Deno.lint.runPlugin(plugin, `${REPOSITORY}/${path}`, source)
    .toSorted((a, b) => a.range[0] - b.range[0] || a.id.localeCompare(b.id))
    .map(({ id }) => id.replace(/^oie\//, ""));
}

function check(
  cases: readonly (readonly [path: string, source: string, ...ids: string[]])[],
): void {
  for (const [path, source, ...ids] of cases) {
    assert.deepEqual(complaints(path, source), ids, `${path}: ${source}`);
  }
}

Deno.test("import-direction lets imports go from main to lib to ffi only", () => {
  const id = "import-direction";
  check([
    ["main.ts", 'import { run } from "./lib/exporter.ts";'],
    ["main.ts", 'import { openLibc } from "./ffi/libc.ts";', id],
    ["lib/exporter.ts", 'import { run } from "../main.ts";', id],
    ["lib/exporter.ts", 'import { a } from "./a.ts"; import { b } from "../scripts/b.ts";', id],
    ["lib/exporter.ts", 'import type { B } from "../tests/b.ts";', id],
    ["ffi/libvirt.ts", 'import { a } from "../lib/a.ts";', id],
    ["ffi/libvirt.ts", 'import type { A } from "../lib/a.ts"; import { b } from "./libc.ts";'],
    ["tests/exporter_test.ts", 'import "../main.ts"; import { a } from "../ffi/libc.ts";'],
    ["scripts/compile.ts", 'import { a } from "../ffi/libc.ts";'],
  ]);
});

Deno.test("import-direction lets only the reader, the workers and the notifier open libraries", () => {
  const id = "import-direction";
  const source = 'import { openLibc } from "../ffi/libc.ts";';
  check([
    ["lib/collector_worker.ts", source],
    ["lib/threat_worker.ts", source],
    ["lib/systemd_notify.ts", source],
    ["lib/watchdog.ts", source, id],
    ["lib/reading/libvirt_reader.ts", 'import { openLibc } from "../../ffi/libc.ts";'],
    ["lib/exporter.ts", source, id],
    ["lib/reading_list.ts", source, id],
    ["lib/exporter.ts", 'import "../ffi/libc.ts";', id],
    ["lib/exporter.ts", 'import { type Libc, openLibc } from "../ffi/libc.ts";', id],
    ["lib/exporter.ts", 'import * as libc from "../ffi/libc.ts";', id],
    ["lib/exporter.ts", 'export { openLibc } from "../ffi/libc.ts";', id],
    ["lib/exporter.ts", 'export * from "../ffi/libc.ts";', id],
    ["lib/exporter.ts", 'const libc = await import("../ffi/libc.ts");', id],
    ["lib/exporter.ts", 'import type { Libc } from "../ffi/libc.ts";'],
    ["lib/exporter.ts", 'import { type Libc } from "../ffi/libc.ts";'],
    ["lib/exporter.ts", 'export type { Libc } from "../ffi/libc.ts";'],
  ]);
});

Deno.test("unsafe-only-in-ffi keeps native memory out of everything but ffi and tests", () => {
  const id = "unsafe-only-in-ffi";
  const open = 'Deno.dlopen("libc.so.6", {});';
  const view = "new Deno.UnsafePointerView(pointer);";
  check([
    ["lib/reading/reader.ts", open + view, id, id],
    ["lib/collector_worker.ts", 'Deno["dlopen"]("libc.so.6", {});', id],
    ["main.ts", "Deno.UnsafePointer.of(bytes);", id],
    ["scripts/probe.ts", open, id],
    ["ffi/libc.ts", open + view],
    ["tests/integration/layout_test.ts", open + view],
    ["lib/web/server.ts", "Deno.serve(handler); other.dlopen();"],
  ]);
});

Deno.test("metric-name-only-in-families finds names written elsewhere", () => {
  const id = "metric-name-only-in-families";
  check([
    ["lib/collectors/health.ts", 'const name = "oie_libvirt_up";', id],
    ["lib/exporter.ts", "const name = `process_open_fds`;", id],
    ["lib/metrics/families_page.ts", 'const name = "oie_libvirt_up";', id],
    ["lib/metrics/families.ts", 'const name = "oie_libvirt_up";'],
    ["lib/metrics/host_families.ts", 'const name = "oie_libvirt_up";'],
    ["lib/exporter.ts", 'const text = "oie_ is a prefix"; const file = "process_names.ts";'],
    ["tests/exporter_test.ts", 'const name = "oie_libvirt_up";'],
  ]);
});

Deno.test("pure-core keeps input and output out of parsers, collectors and renderers", () => {
  const id = "pure-core";
  for (const folder of ["address", "collectors", "config", "conntrack", "inventory", "metrics"]) {
    check([
      [`lib/${folder}/a.ts`, 'import { r } from "../reading/reader.ts";', id],
      [`lib/${folder}/a.ts`, 'import { l } from "../../ffi/libc.ts";', "import-direction", id],
      [`lib/${folder}/a.ts`, 'import { readFileSync } from "node:fs";', id],
      [`lib/${folder}/a.ts`, 'import { readFile } from "node:fs/promises";', id],
      [`lib/${folder}/a.ts`, 'export * from "node:net";', id],
      [`lib/${folder}/a.ts`, 'Deno.readTextFileSync("/etc/hosts");', id],
      [`lib/${folder}/a.ts`, "await fetch(address);", id],
      [`lib/${folder}/a.ts`, 'import type { L } from "../../ffi/libc.ts";'],
      [`lib/${folder}/a.ts`, 'import type { R } from "../reading/reader.ts";'],
      [`lib/${folder}/a.ts`, 'import ip from "ipaddr.js"; import { b } from "./b.ts";'],
    ]);
  }
  check([["lib/reading/a.ts", 'Deno.readTextFileSync("/etc/hosts"); import "node:fs";']]);
});

Deno.test("browser-code shares the description of the API with the live page, and nothing else", () => {
  const id = "browser-code";
  check([
    [
      "lib/live_page/a.ts",
      'import { MARKS } from "../live/node_schema.ts"; import u from "uplot";',
    ],
    ["lib/live_page/a.ts", 'import type { Pages } from "../web/status.ts"; import "./b.ts";'],
    ["lib/live_page/a.ts", 'import { PATHS } from "../web/paths.ts";', id],
    ["lib/live_page/a.ts", 'import { NodeView } from "../live/node_view.ts";', id],
    ["lib/live_page/a.ts", 'import { readFileSync } from "node:fs";', id],
    ["lib/live_page/a.ts", "Deno.readTextFileSync(path);", id],
    ["lib/web/handler.ts", 'import { scaled } from "../live_page/quantity.ts";', id],
    ["lib/web/handler.ts", "await Deno.readTextFile(path);"],
    ["tests/live_page/a_test.ts", 'import { scaled } from "../../lib/live_page/quantity.ts";'],
  ]);
});
