import { createHash } from 'node:crypto';
import { DATA, textsOf } from '../prompts/handlers.ts';
import { type Skill, skills } from './skills.ts';

/** A skill as `skills/list` of SEP-2640 returns it. */
export interface SkillEntry {
  uri: string;
  frontmatter: { name: string; description: string };
  resources: { uri: string; digest: string; size: number }[];
}

const SKILL_URI = /^skill:\/\/([a-z0-9-]+)\/SKILL\.md$/;

/** The skills whose required tools are enabled. Each is one file, which is rendered at its first use. */
export class SkillRegistry {
  readonly #hasTool: (name: string) => boolean;
  readonly #byUri: Map<string, Skill>;
  readonly #texts = new Map<string, string>();

  constructor(hasTool: (name: string) => boolean) {
    this.#hasTool = hasTool;
    const served = skills.filter(({ requiredTools }) => requiredTools.every(hasTool));
    this.#byUri = new Map(served.map((skill) => [`skill://${skill.name}/SKILL.md`, skill]));
  }

  get isEmpty(): boolean {
    return this.#byUri.size === 0;
  }

  get entries(): SkillEntry[] {
    return [...this.#byUri.keys()].sort().map((uri) => this.get(uri)!);
  }

  /** @returns undefined for a URI of no skill. */
  get(uri: string): SkillEntry | undefined {
    const skill = this.#byUri.get(uri);
    if (skill === undefined) return undefined;
    const bytes = Buffer.from(this.read(uri)!);
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const { name, description } = skill;
    return { uri, frontmatter: { name, description }, resources: [{ uri, digest, size: bytes.byteLength }] };
  }

  /** The text of a file. Undefined for a URI of no skill. */
  read(uri: string): string | undefined {
    const skill = SKILL_URI.test(uri) ? this.#byUri.get(uri) : undefined;
    if (skill === undefined) return undefined;
    const text = this.#texts.get(uri) ?? renderSkill(skill, this.#hasTool);
    this.#texts.set(uri, text);
    return text;
  }
}

/** A SKILL.md: the frontmatter, then a numbered list of the steps whose tools are enabled. */
export function renderSkill({ name, title, description, steps }: Skill, hasTool: (name: string) => boolean): string {
  const lines = textsOf(steps, hasTool).map((text, index) => `${index + 1}. ${text}`);
  const head = ['---', `name: ${name}`, `description: ${JSON.stringify(description)}`, '---', '', `# ${title}`, ''];
  const intro =
    'Use the tools of the HeyReach MCP server. Where one of them is not listed, say so and leave its step out.';
  return [...head, intro, '', DATA, '', ...lines, ''].join('\n');
}
