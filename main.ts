import { BUILD } from "./lib/build_info.ts";
import { parseFlags } from "./lib/config/parse_flags.ts";
import { CHECK_LIST, TOP } from "./lib/config/subcommands.ts";
import { UsageError } from "./lib/config/usage_error.ts";
import { serve } from "./lib/serve.ts";

/** Does what the command line asks for; answers the exit code. */
async function main(args: readonly string[]): Promise<number> {
  try {
    // A subcommand is loaded where it is asked for: an exporter that runs for months is better off without.
    if (args[0] === CHECK_LIST.name) {
      const { checkList, parseCheckArguments } = await import("./lib/threat/check_list.ts");
      const command = parseCheckArguments(args.slice(1));
      const { text, code } = command.action === "help"
        ? { text: command.text, code: 0 }
        : await checkList(command.list);
      console.log(text.trimEnd());
      return code;
    }
    if (args[0] === TOP.name) {
      const { parseTopArguments } = await import("./lib/top/top_command.ts");
      const { runTop } = await import("./lib/top/run_top.ts");
      const command = parseTopArguments(args.slice(1));
      if (command.action === "help") console.log(command.text.trimEnd());
      else await runTop(command.options);
      return 0;
    }
    const command = parseFlags(args);
    switch (command.action) {
      case "help":
        await Deno.stdout.write(new TextEncoder().encode(command.text));
        return 0;
      case "version":
        console.log(
          `openstack_instance_exporter ${BUILD.version} (revision ${BUILD.revision}, ` +
            `Deno ${BUILD.deno}, ${BUILD.arch})`,
        );
        return 0;
      case "run":
        return await serve(command.config);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
