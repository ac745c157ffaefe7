import { posix } from "node:path";
import { REPOSITORY } from "./repository.ts";

/** The only files of lib/ that may open a door of ffi/: what reads for a cycle, the workers, the notifier. */
const FFI_READERS = [
  /^lib\/reading\//,
  /^lib\/(collector|threat)_worker\.ts$/,
  /^lib\/systemd_notify\.ts$/,
  /^lib\/frugal_memory\.ts$/,
  /^lib\/descriptor_limit\.ts$/,
];

/** Folders whose code takes what it works on as values and does no input or output of its own. */
const PURE = /^lib\/(address|collectors|config|conntrack|inventory|metrics|screen)\//;

/** The modules of Node that reach outside the program. */
const NODE_IO =
  /^node:(child_process|cluster|dgram|dns|fs|http|http2|https|inspector|net|os|process|readline|repl|tls|tty|worker_threads)(\/|$)/;

/** Code that runs in browsers, and what of the program it shares: the API's description, and what `top` searches and shows. */
const BROWSER = /^lib\/live_page\//;
const SHARED_WITH_BROWSER =
  /^lib\/(live_page\/|live\/[a-z_]*schema\.ts$|screen\/(instance_search|shown_names)\.ts$)/;

/** Where the families are declared; every other file takes a name from its declaration. */
const FAMILY_TABLES = /^lib\/metrics\/[a-z_]*families\.ts$/;
const METRIC_NAME = /^(oie|process)_[a-z0-9_]+$/;

/** Code that is no part of the program. */
const OUTSIDE = /^(tests|scripts|packaging)\//;

type Specifiers = readonly { readonly type: string; readonly importKind?: "type" | "value" }[];

type Complain = (node: { range: Deno.lint.Range }, message: string) => void;

interface Import {
  /** What is written in the source, such as `npm:x` or `./y.ts`. */
  readonly specifier: string;
  /** From the root of the repository for a file, else the specifier. */
  readonly target: string;
  /** Whether something is left of it when types are erased. */
  readonly value: boolean;
}

/** Path from the root of the repository. */
function pathInRepository(filename: string): string {
  return filename.startsWith(`${REPOSITORY}/`) ? filename.slice(REPOSITORY.length + 1) : filename;
}

/** Reports through `judge` each import, re-export and dynamic import of the file. */
function visitImports(
  file: string,
  complain: Complain,
  judge: (imported: Import) => string | undefined,
): Deno.lint.LintVisitor {
  function visit(node: { range: Deno.lint.Range }, specifier: string, value: boolean): void {
    const target = specifier.startsWith(".")
      ? posix.join(posix.dirname(file), specifier)
      : specifier;
    const message = judge({ specifier, target, value });
    if (message !== undefined) complain(node, message);
  }
  return {
    ImportDeclaration(node) {
      const value = node.importKind !== "type" && !onlyTypes(node.specifiers);
      visit(node, node.source.value, value);
    },
    ExportNamedDeclaration(node) {
      if (node.source !== null) visit(node, node.source.value, node.exportKind !== "type");
    },
    ExportAllDeclaration(node) {
      visit(node, node.source.value, node.exportKind !== "type");
    },
    ImportExpression(node) {
      if (node.source.type === "Literal" && typeof node.source.value === "string") {
        visit(node, node.source.value, true);
      }
    },
  };
}

function onlyTypes(specifiers: Specifiers): boolean {
  return specifiers.length > 0 && specifiers.every((specifier) => specifier.importKind === "type");
}

function rule(
  create: (file: string, complain: Complain) => Deno.lint.LintVisitor,
): Deno.lint.Rule {
  return {
    create(context) {
      const file = pathInRepository(context.filename);
      return create(
        file,
        (node, message) => context.report({ node: node as Deno.lint.Node, message }),
      );
    },
  };
}

/** `Deno.x` as its member's name, or undefined. */
function denoMember(node: Deno.lint.MemberExpression): string | undefined {
  if (node.object.type !== "Identifier" || node.object.name !== "Deno") return undefined;
  if (node.property.type === "Identifier" && !node.computed) return node.property.name;
  return node.property.type === "Literal" ? String(node.property.value) : "";
}

/** main.ts imports lib/, lib/ imports ffi/ and only where it reads; nothing imports the other way. */
const importDirection = rule((file, complain) => {
  if (OUTSIDE.test(file)) return {};
  return visitImports(file, complain, ({ target, value }) => {
    if (OUTSIDE.test(target)) {
      return `Cannot import ${target}: the program uses no code of its tests or tools`;
    }
    if (target === "main.ts") return "Cannot import main.ts: imports go main -> lib -> ffi";
    if (!value) return undefined;
    if (file.startsWith("ffi/") && target.startsWith("lib/")) {
      return `Cannot import ${target}: imports go main -> lib -> ffi`;
    }
    const mayRead = file.startsWith("ffi/") || FFI_READERS.some((reader) => reader.test(file));
    if (target.startsWith("ffi/") && !mayRead) {
      return `Cannot import ${target}: in lib/ only the reader, the workers and the notifier open libraries`;
    }
    return undefined;
  });
});

/** Pointers and libraries stay in ffi/. Tests hold them against C by themselves. */
const unsafeOnlyInFfi = rule((file, complain) => {
  if (file.startsWith("ffi/") || file.startsWith("tests/")) return {};
  return {
    MemberExpression(node) {
      const member = denoMember(node);
      if (member !== undefined && /^(dlopen$|Unsafe)/.test(member)) {
        complain(node, `Cannot use Deno.${member}: native memory is touched only in ffi/`);
      }
    },
  };
});

/** A metric is declared once: its name is written nowhere but in its family. */
const metricNameOnlyInFamilies = rule((file, complain) => {
  if (OUTSIDE.test(file) || FAMILY_TABLES.test(file)) return {};
  function judge(node: { range: Deno.lint.Range }, text: unknown): void {
    if (typeof text === "string" && METRIC_NAME.test(text)) {
      complain(node, `Cannot write metric name "${text}": take it from its family in lib/metrics`);
    }
  }
  return {
    Literal(node) {
      judge(node, node.value);
    },
    TemplateElement(node) {
      judge(node, node.cooked);
    },
  };
});

/** Parsers, collectors and renderers take values: no file, socket, process or library. */
const pureCore = rule((file, complain) => {
  if (!PURE.test(file)) return {};
  return {
    ...visitImports(file, complain, ({ specifier, target, value }) => {
      const reads = target.startsWith("lib/reading/") || target.startsWith("ffi/");
      return NODE_IO.test(specifier) || (reads && value)
        ? `Cannot import ${target}: this folder does no input or output`
        : undefined;
    }),
    MemberExpression(node) {
      const member = denoMember(node);
      if (member !== undefined) {
        complain(node, `Cannot use Deno.${member}: this folder does no input or output`);
      }
    },
    CallExpression(node) {
      if (node.callee.type === "Identifier" && node.callee.name === "fetch") {
        complain(node, "Cannot use fetch: this folder does no input or output");
      }
    },
  };
});

/** Browsers get the page's own code, the description of the API and packages made for browsers. */
const browserCode = rule((file, complain) => {
  if (OUTSIDE.test(file)) return {};
  if (!BROWSER.test(file)) {
    return visitImports(
      file,
      complain,
      ({ target }) =>
        BROWSER.test(target)
          ? `Cannot import ${target}: it runs in browsers and is served as a file`
          : undefined,
    );
  }
  return {
    ...visitImports(file, complain, ({ specifier, target, value }) => {
      const isOwn = SHARED_WITH_BROWSER.test(target) || /^[a-z]/.test(specifier);
      return value && !isOwn || NODE_IO.test(specifier)
        ? `Cannot import ${target}: a browser has no use for the program's code`
        : undefined;
    }),
    Identifier(node) {
      if (node.name === "Deno") complain(node, "Cannot use Deno: this code runs in browsers");
    },
  };
});

/** The design's rules that a machine can hold, for `lint.plugins` of deno.json. */
export default {
  name: "oie",
  rules: {
    "import-direction": importDirection,
    "unsafe-only-in-ffi": unsafeOnlyInFfi,
    "metric-name-only-in-families": metricNameOnlyInFamilies,
    "pure-core": pureCore,
    "browser-code": browserCode,
  },
} satisfies Deno.lint.Plugin;
