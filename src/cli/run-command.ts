import { runDoctor } from './doctor/doctor.ts';
import type { CommandEnvironment } from './environment.ts';
import { runInit } from './init/init.ts';
import { runTokenCommand } from './token-command.ts';

/** Runs a command other than the server. @returns its exit code. */
export async function runCommand(name: string, argv: readonly string[], env: CommandEnvironment): Promise<number> {
  if (name === 'doctor') {
    return runDoctor(argv, env);
  }
  if (name === 'init') return runInit(argv, env);
  try {
    env.print(await runTokenCommand(argv));
    return 0;
  } catch (error) {
    env.printLine(`heyreach-mcp: ${(error as Error).message}`);
    return 2;
  }
}
