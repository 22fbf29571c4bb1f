import { z } from 'zod';
import type { HeyReachError } from '../../client/index.ts';
import type { ToolAnswer } from '../define.ts';
import { pageAnswer } from '../page.ts';

/** No answer of the organization routes is published: whatever comes passes through. */
export const anyOutput = z.looseObject({
  answer: z.unknown().optional().describe('where HeyReach did not answer an object'),
});

export const anyPageOutput = z.looseObject({
  totalCount: z.union([z.number(), z.literal('unknown')]).optional(),
  returned: z.number().optional(),
  items: z.array(z.unknown()).optional(),
  nextOffset: z.number().optional(),
});

/** An answer of unknown shape as a result. */
export function anyAnswer(answer: unknown): ToolAnswer {
  const isObject = typeof answer === 'object' && answer !== null && !Array.isArray(answer);
  return { data: isObject ? (answer as Record<string, unknown>) : { answer: answer ?? null } };
}

/** A page of unknown rows, where it looks like one. */
export function anyPageAnswer(answer: unknown, offset: number): ToolAnswer {
  if (Array.isArray(answer)) return pageAnswer({ items: answer, totalCount: null }, offset);
  const page = (typeof answer === 'object' && answer !== null ? answer : {}) as Record<string, unknown>;
  if (!Array.isArray(page.items)) return anyAnswer(answer);
  const { items, totalCount, ...rest } = page;
  return pageAnswer(
    { items: items as unknown[], totalCount: typeof totalCount === 'number' ? totalCount : null },
    offset,
    undefined,
    { extra: rest },
  );
}

/**
 * The next step after an error that the general rules, made for a workspace's key, would get wrong.
 * @param look the tool that shows whether a call with an unclear outcome was carried out; none for reads.
 */
export function organizationStep(look?: string) {
  return ({ kind, outcome }: HeyReachError): string | undefined => {
    if (kind === 'unauthorized') {
      return "Check HEYREACH_ORG_API_KEY: these tools take the organization's own key, not that of a workspace.";
    }
    if (outcome !== 'unknown' || look === undefined) return undefined;
    return `Look with ${look} whether it was done before trying again.`;
  };
}

const SECRET_NAME = /(key|secret|token|value)s?$|^(public|n8n|make|zapier|mcp)$/i;
const LOOKS_SECRET = /^[A-Za-z0-9+/_=-]{20,}$/;

/** Hides what is, or looks like, a key: the shape of the answer is not known, so both the name and the value are judged. */
export function maskSecrets(value: unknown, name = ''): unknown {
  if (typeof value === 'string') {
    return SECRET_NAME.test(name) || LOOKS_SECRET.test(value) ? '********' : value;
  }
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskSecrets(item, key)]));
}
