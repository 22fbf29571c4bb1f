import { readFileSync } from 'node:fs';
import { renderSkill } from '../src/skills/skill-registry.ts';
import { skills } from '../src/skills/skills.ts';
import { LINK_START } from './install-links.ts';

const DESCRIPTION =
  'LinkedIn outreach through HeyReach: inbox, campaigns, leads and reports. Sends only what the user approves.';
const KEY = 'HeyReach API key, from Settings > Integrations > HeyReach API';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

/**
 * The files of the agent skills, by path: the skills, a Claude plugin with its marketplace, and a Gemini extension. Until the
 * package is published, the plugin starts the installed program, and the extension the clone that it is linked to.
 */
export function skillFiles(): Record<string, string> {
  const texts = skills.map((skill) => [`skills/${skill.name}/SKILL.md`, renderSkill(skill, () => true)] as const);
  return {
    ...Object.fromEntries(texts),
    ...Object.fromEntries(texts.map(([path, text]) => [`plugins/heyreach/${path}`, text])),
    '.claude-plugin/marketplace.json': json({
      name: 'heyreach-mcp',
      owner: { name: 'heyreach-mcp' },
      metadata: { description: DESCRIPTION },
      plugins: [{ name: 'heyreach', source: './plugins/heyreach', description: DESCRIPTION }],
    }),
    'plugins/heyreach/.claude-plugin/plugin.json': json({
      name: 'heyreach',
      version,
      description: DESCRIPTION,
      userConfig: { api_key: { type: 'string', title: 'HeyReach API key', description: KEY, sensitive: true } },
    }),
    'plugins/heyreach/.mcp.json': json({
      mcpServers: {
        heyreach: {
          command: LINK_START.command,
          args: [...LINK_START.args, '--mode', 'draft'],
          env: { HEYREACH_API_KEY: '${user_config.api_key}' },
        },
      },
    }),
    'gemini-extension.json': json({
      name: 'heyreach-mcp',
      version,
      description: DESCRIPTION,
      mcpServers: {
        heyreach: {
          command: 'node',
          args: ['${extensionPath}${/}dist${/}main.js', '--mode', 'draft'],
          env: { HEYREACH_API_KEY: '$HEYREACH_API_KEY' },
        },
      },
      settings: [{ name: 'HeyReach API key', description: KEY, envVar: 'HEYREACH_API_KEY', sensitive: true }],
    }),
  };
}
