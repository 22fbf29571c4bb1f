const MAX_SENTENCE_LENGTH = 1_000;

/**
 * The sentence in an error body, whatever its shape: `{errorMessage}`, an ASP.NET problem with an `errors` map, `detail`,
 * `message`, `title`, or bare text. HeyReach answers 401 with plain text, so every body is read as text first.
 * @param hide replaces secrets that HeyReach may have echoed.
 * @returns the sentence, clipped at 1,000 characters, or undefined if the body has none.
 */
export function readErrorSentence(body: string, hide = (text: string) => text): string | undefined {
  const sentence = findSentence(body.trim());
  // A clipped secret would not be found.
  return sentence === undefined ? undefined : hide(sentence).slice(0, MAX_SENTENCE_LENGTH);
}

function findSentence(text: string): string | undefined {
  if (text === '') return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return isWebPage(text) ? undefined : text;
  }
  if (typeof parsed === 'string') return nonEmpty(parsed);
  if (typeof parsed !== 'object' || parsed === null) return text;
  const problem = parsed as Record<string, unknown>;
  return (
    nonEmpty(problem.errorMessage) ??
    nonEmpty(readFieldErrors(problem.errors)) ??
    nonEmpty(problem.detail) ??
    nonEmpty(problem.message) ??
    nonEmpty(problem.title) ??
    // Serialized again, so that a key with escapes in the body becomes plain text and can be hidden.
    (Object.keys(parsed).length === 0 ? undefined : toText(parsed))
  );
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** The sentences of an `errors` map, list or text. A sentence of a map that does not name its field gets it as a prefix. */
function readFieldErrors(errors: unknown): string | undefined {
  if (typeof errors === 'string') return errors;
  if (typeof errors !== 'object' || errors === null) return undefined;
  return Object.entries(errors)
    .map(([field, texts]) => {
      const sentence = (Array.isArray(texts) ? texts : [texts]).map(toText).join(' ');
      return field === '' || Array.isArray(errors) || sentence.includes(field) ? sentence : `${field}: ${sentence}`;
    })
    .join(' ');
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value);
  } catch {
    return 'unreadable';
  }
}

/** A plain-text page of a CDN, such as `error code: 1020`. */
const CDN_LINE = /^error code: \d+$/i;

/** Whether a response comes from a CDN, proxy or firewall in front of HeyReach, whose API answers in JSON or plain text. */
export function isFromProxy(body: string): boolean {
  const text = body.trim();
  return isWebPage(text) || CDN_LINE.test(text) || /"cloudflare_error"\s*:\s*true/.test(text);
}

function isWebPage(text: string): boolean {
  return /^<(!|\?xml|html|head|body)/i.test(text);
}

/**
 * The sentence of an error that came with a 2xx: HeyReach's `errorMessage`, or an ASP.NET problem with its status.
 * @param hide replaces secrets that HeyReach may have echoed.
 * @returns undefined for a body that is no error.
 */
export function errorSentenceOf2xx(body: string, hide: (text: string) => string): string | undefined {
  // Most bodies are long and hold none of the two.
  if (!body.includes('"errorMessage"') && !body.includes('"title"')) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { errorMessage, title, status } = parsed as Record<string, unknown>;
  const isProblem = nonEmpty(title) !== undefined && typeof status === 'number' && status >= 400;
  return nonEmpty(errorMessage) !== undefined || isProblem ? readErrorSentence(body, hide) : undefined;
}
