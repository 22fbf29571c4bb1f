import { unreadableAnswer } from './errors.ts';
import type { Answer } from './http.ts';
import type { Operation } from './operation.ts';

/** A field of this name is none of HeyReach's, and would set a prototype wherever the answer is copied. */
function parseJson(text: string): unknown {
  const mayHold = text.includes('__proto__') || /\\u005f/i.test(text);
  return mayHold ? JSON.parse(text, (name, value) => (name === '__proto__' ? undefined : value)) : JSON.parse(text);
}

/**
 * Reads a 2xx answer as its operation answers.
 * @throws HeyReachError `unknown` for an empty, broken or wrong body.
 */
export function parseAnswer<Request, Response>(operation: Operation<Request, Response>, answer: Answer): Response {
  const { answers } = operation;
  if (answers === 'nothing') return undefined as Response;
  const mayBeEmpty = answers === 'anything' || answers.startsWith('maybe_');
  if (answer.text.trim() === '') {
    if (mayBeEmpty) return undefined as Response;
    throw unreadableAnswer(answer.status, 'the body is empty');
  }
  let parsed: unknown;
  try {
    parsed = parseJson(answer.text);
  } catch {
    // Where no answer is published it may be a bare text, such as a new key.
    if (answers === 'anything' && !/^\s*[[{"<]/.test(answer.text)) return answer.text.trim() as Response;
    throw unreadableAnswer(answer.status, 'the body is not JSON, or cut off');
  }
  const type = Array.isArray(parsed) ? 'array' : parsed === null ? 'null' : typeof parsed;
  const wanted = answers.replace('maybe_', '');
  if (wanted === 'anything' || type === wanted) return parsed as Response;
  if (mayBeEmpty && type === 'null') return undefined as Response;
  throw unreadableAnswer(
    answer.status,
    `expected a JSON ${wanted}, got ${type === 'null' ? 'null' : `a JSON ${type}`}`,
  );
}
