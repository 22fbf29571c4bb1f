import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectStdio } from '../../support/clients/clients.ts';
import { root } from '../../support/documents/documents.ts';
import { cleanEnvironment, startHttpProgram } from '../../support/programs/program.ts';

const dockerfile = DockerfileParser.parse(readFileSync(`${root}Dockerfile`, 'utf8'));
/** The folder of the image: the files that the two stages copy, without an image. */
let app: string;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-image-'));
  const build = join(folder, 'build');
  app = join(folder, 'app');
  mkdirSync(build);
  symlinkSync(`${root}node_modules`, join(build, 'node_modules'));
  const copies = dockerfile.getCOPYs().map((copy) => ({
    isFromStage: copy.getFlags().length > 0,
    paths: copy.getArguments().map((argument) => argument.getValue()),
  }));
  const context = copies.filter(({ isFromStage }) => !isFromStage);
  for (const { paths } of context) {
    const target = paths.at(-1)!;
    for (const path of paths.slice(0, -1)) {
      const place = join(build, target.endsWith('/') ? path : target);
      mkdirSync(dirname(place), { recursive: true });
      cpSync(`${root}${path}`, place, { recursive: true });
    }
  }
  await runToEnd('node', ['scripts/build.mjs'], build);
  mkdirSync(app);
  for (const path of context.at(-1)!.paths.slice(0, -1)) cpSync(join(build, path), join(app, path));
  expect(copies.at(-1)).toEqual({ isFromStage: true, paths: ['/build/dist', './dist'] });
  cpSync(join(build, 'dist'), join(app, 'dist'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function runToEnd(command: string, args: string[], cwd: string, env: Record<string, string> = {}) {
  const child: ChildProcess = spawn(command, args, {
    cwd,
    env: cleanEnvironment(env),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  return code;
}

/** The command of HEALTHCHECK. */
const [healthProgram, ...healthArgs] = JSON.parse(
  dockerfile
    .getHEALTHCHECKs()[0]!
    .getArgumentsContent()!
    .replace(/^.*?CMD /s, ''),
) as string[];

test('the copied files build the program, and it runs with the files of the image', async () => {
  expect(existsSync(join(app, 'dist/main.js'))).toBe(true);
  const command = [process.execPath, join(app, 'dist/main.js')];
  const peer = await connectStdio('v1', { command, args: ['--sandbox'] });
  expect((await peer.callTool('list_campaigns', { limit: 2 })).structuredContent).toMatchObject({ returned: 2 });
  await peer.close();
});

test('the health command checks the server over HTTP, and succeeds over stdio', async () => {
  const health = (env: Record<string, string>) => runToEnd(healthProgram!, healthArgs, app, env);
  expect(await health({})).toBe(0);
  const command = [process.execPath, join(app, 'dist/main.js')];
  const program = await startHttpProgram({ command, args: ['--sandbox'] });
  const env = { HEYREACH_MCP_TRANSPORT: 'http', HEYREACH_MCP_PORT: new URL(program.url).port };
  expect(await health(env)).toBe(0);
  await program.stop();
  expect(await health(env)).toBe(1);
});
