import { tools } from '../../../src/tools/registry.ts';

/** The tools that a server without an organization key shows by default. */
export const defaultTools = tools.filter(({ toolset }) => toolset !== 'organization' && toolset !== 'legacy');
