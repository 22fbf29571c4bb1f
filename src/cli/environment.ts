import type { Readable } from 'node:stream';
import type { Machine } from './hosts/host.ts';

/** The standard input of a command. A terminal can stop showing what is typed. */
export type CommandInput = Readable & { isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };

/** What a command of the program reads and writes. */
export interface CommandEnvironment {
  machine: Machine;
  /** The running Node, and the file of the program that it runs. */
  node: { path: string; version: string };
  program: string;
  stdin: CommandInput;
  /** Writes to stdout. */
  print(text: string): void;
  /** Writes one line to stderr. */
  printLine(line: string): void;
}
