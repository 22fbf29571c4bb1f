import { expect } from 'vitest';
import type { ToolResult } from '../clients/clients.ts';

interface ErrorFields {
  kind: string;
  status?: number;
  message: string;
  nextStep: string;
  outcome: 'not_sent' | 'refused' | 'unknown';
}

/** Expects an error with the same content for the model, in its text, and for programs, in its structure. */
export function expectError(result: ToolResult, fields: ErrorFields): void {
  expect(result.isError).toBe(true);
  expect(result.structuredContent?.error).toEqual({ meaning: expect.any(String), ...fields });
  expect(result.content[0]?.text).toContain(fields.message);
  expect(result.content[0]?.text).toContain(`Next step: ${fields.nextStep}`);
  expect(result.content[0]?.text).toContain(`Outcome: ${fields.outcome}`);
}

/** Expects arguments that this server rejects, with a sentence that says what to correct. */
export function expectInvalid(result: ToolResult, message: string): void {
  expect(result.isError).toBe(true);
  expect(result.content[0]?.text).toContain(message);
  expect(result.structuredContent?.error).toMatchObject({ kind: 'invalid_input', outcome: 'not_sent' });
}
