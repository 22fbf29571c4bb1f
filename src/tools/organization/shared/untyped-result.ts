import * as z from 'zod';
import type { CallOptions, HeyReachError } from '../../../client/index.ts';
import { isRecord } from '../../../lib/json.ts';
import { lazy } from '../../../lib/lazy.ts';
import { pageResult } from '../../../mcp/results/page.ts';
import type { ToolOutput } from '../../../mcp/tool.ts';
import { keepFieldTypes } from '../../shared/keep-field-types.ts';

/** HeyReach documents no response of the organization routes, so every response is passed on as it is. */
export const anyOutput = lazy(() =>
  z.looseObject({
    answer: z.unknown().optional().describe("HeyReach's response, when it is not an object"),
  }),
);

export const anyPageOutput = lazy(() =>
  z.looseObject({
    totalCount: z.union([z.number(), z.literal('unknown')]).optional(),
    returned: z.number().optional(),
    items: z.array(z.unknown()).optional(),
    nextOffset: z.number().optional(),
  }),
);

/** A response of unknown shape as a result. */
export function untypedResult(response: unknown): ToolOutput {
  return { data: isRecord(response) ? response : { answer: response ?? null } };
}

/** A page of unknown rows, or an untyped result when the response is not a page. */
export function untypedPage(response: unknown, offset: number, call: CallOptions): ToolOutput {
  if (Array.isArray(response)) return pageResult({ items: response, totalCount: null }, offset);
  if (isRecord(response)) keepFieldTypes(anyPageOutput(), response, call);
  if (!isRecord(response) || !Array.isArray(response.items)) return untypedResult(response);
  const { items, totalCount, ...rest } = response;
  return pageResult(
    { items: items as unknown[], totalCount: typeof totalCount === 'number' ? totalCount : null },
    offset,
    undefined,
    { extra: rest },
  );
}

/**
 * The next step after errors for which the general rules, written for a workspace key, are wrong.
 * @param verifyWith the tool that shows whether a write with an unclear outcome was done. Omitted for reads.
 */
export function organizationStep(verifyWith?: string) {
  return ({ kind, outcome }: HeyReachError): string | undefined => {
    if (kind === 'unauthorized') {
      return "Check HEYREACH_ORG_API_KEY. Organization tools need the organization's API key, not the key of a workspace.";
    }
    if (outcome !== 'unknown' || verifyWith === undefined) return undefined;
    return `Check with ${verifyWith} whether it was done before you retry.`;
  };
}

const SECRET_NAME = /(key|secret|token|value)s?$|^(public|n8n|make|zapier|mcp)$/i;
const LOOKS_SECRET = /^[A-Za-z0-9+/_=-]{20,}$/;

/** Masks keys by field name and by value, because the shape of the response is undocumented. */
export function maskSecrets(value: unknown, name = ''): unknown {
  if (typeof value === 'string') {
    return SECRET_NAME.test(name) || LOOKS_SECRET.test(value) ? '********' : value;
  }
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskSecrets(item, key)]));
}
