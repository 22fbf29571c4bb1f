import * as z from 'zod';
import { findExcess } from '../../lib/json-limits.ts';
import { isIdentifier } from './fields.ts';

const ID = /^[1-9]\d{0,14}$/;

/**
 * Some hosts send every argument as a text. Reads a text as the array, object, number or boolean that the schema expects.
 * The text must be exactly that in JSON, a number in the form in which JSON writes it. Every other text is returned
 * unchanged, so that validation rejects it.
 */
export function readJsonText(schema: z.ZodType, text: string): unknown {
  if (isIdentifier(schema)) return ID.test(text) ? Number(text) : text;
  if (schema instanceof z.ZodNumber)
    return String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text;
  if (schema instanceof z.ZodBoolean) return text === 'true' || text === 'false' ? text === 'true' : text;
  if (schema instanceof z.ZodArray) return readContainer(text, '[');
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return readContainer(text, '{');
  return text;
}

/** Reads a text as a JSON object. */
export function readObjectText(text: string): unknown {
  return readContainer(text, '{');
}

function readContainer(text: string, opening: '[' | '{'): unknown {
  if (!text.trimStart().startsWith(opening)) return text;
  // The transport limits the arguments, but not what a text inside them holds.
  if (findExcess(Buffer.from(text)) !== undefined) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
