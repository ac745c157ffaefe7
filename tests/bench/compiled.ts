import { executablePath, parseTarget } from "../../scripts/compile.ts";
import { REPOSITORY } from "../../scripts/repository.ts";

/** What this machine runs. */
export const TARGET = parseTarget([], Deno.build.target);

/** The program as operators run it, which `run.ts` has compiled. */
export const EXECUTABLE = `${REPOSITORY}/${executablePath(TARGET)}`;
