import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const documents = readFileSync(new URL('../../../docs/clients.md', import.meta.url), 'utf8');
// A module below node_modules finds the packages, and no other program reads it.
const folder = fileURLToPath(new URL('node_modules/.blocks/', import.meta.url));

/** Returns a code block of docs/clients.md with its placeholders filled in. */
export function block(name) {
  const pattern = new RegExp(`<!-- block: ${name} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\\n\`\`\``);
  const content = pattern.exec(documents)?.[1];
  if (content === undefined) throw new Error(`docs/clients.md has no block ${name}`);
  const { PROGRAM_URL, PROGRAM_NODE, PROGRAM_MAIN, PROGRAM_FLAGS } = process.env;
  return content
    .replaceAll('http://127.0.0.1:3000/mcp', PROGRAM_URL)
    .replaceAll('/path/to/heyreach-mcp/dist/main.js', PROGRAM_MAIN)
    .replaceAll("command: 'node'", `command: '${PROGRAM_NODE}'`)
    // The documents show the live workspace. The tests run all tools on the sandbox.
    .replaceAll("'--mode', 'draft'", `...${PROGRAM_FLAGS}`)
    .replaceAll('env: {', 'env: { HEYREACH_ORG_API_KEY: process.env.HEYREACH_ORG_API_KEY,');
}

/** Runs a block as a module. @returns the constants of the block that the case needs. */
export async function importBlock(name) {
  const code = block(name);
  const names = ['client', 'server', 'tools', 'agent'].filter((each) => code.includes(`const ${each} = `));
  mkdirSync(folder, { recursive: true });
  const file = `${folder}${name}-${process.pid}.mjs`;
  writeFileSync(file, `${code}\nexport { ${names.join(', ')} };\n`);
  try {
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(file);
  }
}
