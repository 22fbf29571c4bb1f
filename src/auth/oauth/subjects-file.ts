import { ConfigError } from '../../config/setting-types.ts';
import { type FileReadError, inSequence, readSmallFile } from '../../lib/read-small-file.ts';
import { MODES, type Mode } from '../../mcp/modes.ts';

const GROUP = 'group:';

/** The users and groups of HEYREACH_OAUTH_SUBJECTS, as of the last valid content of the file. */
export class SubjectsFile {
  readonly #path: string;
  #modes: ReadonlyMap<string, Mode> = new Map();

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws ConfigError with what is wrong with the file. */
  static async open(path: string): Promise<SubjectsFile> {
    const file = new SubjectsFile(path);
    const error = await file.reload();
    if (error !== undefined) throw new ConfigError(error);
    return file;
  }

  /**
   * Reads the file again. If a line is invalid, nothing is added, and what the file does not contain any more is removed.
   * If the file is missing, everything is removed.
   * @returns what is wrong with the file, in one line without its content.
   */
  readonly reload = inSequence(() => this.#reload());

  async #reload(): Promise<string | undefined> {
    let text: string;
    try {
      text = await readSmallFile(this.#path);
    } catch (error) {
      const { code, message } = error as FileReadError;
      if (code === 'ENOENT') this.#modes = new Map();
      return `HEYREACH_OAUTH_SUBJECTS: ${this.#path} ${message}`;
    }
    const { modes, problem } = parseSubjects(text);
    if (problem === undefined) this.#modes = modes;
    else this.#modes = new Map([...this.#modes].filter(([name, mode]) => modes.get(name) === mode));
    return problem && `HEYREACH_OAUTH_SUBJECTS: ${this.#path} ${problem}`;
  }

  get size(): number {
    return this.#modes.size;
  }

  /** The most permissive mode of a user: of its own line, else of its groups. undefined for a user who is not listed. */
  modeOf(subject: string, groups: readonly string[]): Mode | undefined {
    // A subject must not pass for a group of this name.
    const own = subject.startsWith(GROUP) ? undefined : this.#modes.get(subject);
    const ofGroups = groups.map((group) => this.#modes.get(`${GROUP}${group}`));
    return own ?? [...MODES].reverse().find((mode) => ofGroups.includes(mode));
  }
}

/** Parses the file: one `SUBJECT MODE` or `group:NAME MODE` per line. `#` after a space or at the start begins a comment. */
function parseSubjects(text: string): { modes: Map<string, Mode>; problem?: string } {
  const modes = new Map<string, Mode>();
  const problems: string[] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const entry = line.replace(/(^|\s)#.*/, '').trim();
    if (entry === '') continue;
    // The name of a group may contain spaces.
    const [, name = '', mode = ''] = /^(.*\S)\s+(\S+)$/.exec(entry) ?? [];
    if (name === '' || name === GROUP || !MODES.includes(mode as Mode)) {
      problems.push(`line ${index + 1} must have a subject or group:NAME, and one of ${MODES.join(', ')}`);
    } else if (modes.has(name)) {
      problems.push(`line ${index + 1} repeats the subject of an earlier line`);
    } else modes.set(name, mode as Mode);
  }
  if (modes.size === 0) problems.push('contains no subject');
  const [problem] = problems;
  return problem === undefined ? { modes } : { modes, problem };
}
