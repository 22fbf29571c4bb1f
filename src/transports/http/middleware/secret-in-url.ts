import { httpError } from '../../../lib/http-error.ts';
import type { Middleware } from '../pipeline.ts';

/**
 * Rejects a key or token in the query of the URL, where proxies and logs would keep it. The rejection tells the user to move
 * it to a header and to replace it.
 */
export const secretInUrl: Middleware = ({ request: { url = '' } }) => {
  const start = url.indexOf('?');
  if (start === -1) return undefined;
  const parameters = url.slice(start + 1).split(/[&;?]/);
  return parameters.some(holdsSecret) ? SECRET_IN_URL : undefined;
};

/** Compares the words of a parameter name: `key` is a word of `xMcpKey` and `X-API-KEY`, but not of `monkey`. */
function holdsSecret(parameter: string): boolean {
  const [[name = '', value = ''] = []] = [...new URLSearchParams(parameter)];
  // A long name without a value is a bare secret. Base64 keys often end with `=`.
  const minLength = parameter.includes('=') ? MIN_SECRET_BEFORE_EQUALS : MIN_SECRET;
  if (name.length >= minLength && /^=*$/.test(value)) return true;
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
  return [words.join(''), ...words].some((word) => SECRET_WORD.test(word));
}

const MIN_SECRET = 12;
const MIN_SECRET_BEFORE_EQUALS = 20;
/** Also matches compounds such as `apikey` and `accesstoken`. */
const SECRET_WORD =
  /^(x|api|app|access|auth|refresh|session|bearer|client|user|mcp|heyreach|secret|private|id)*(key|token|secret|auth|oauth|authorization|bearer|pass|passwd|password|passphrase|pwd|pw|credential|cred|jwt|sig|signature)s?$/i;
const SECRET_IN_URL = httpError(
  400,
  'secret_in_url',
  'The URL contains a key or token. URLs are kept in logs. Replace that key or token. ' +
    'Send a HeyReach key in X-API-KEY or Authorization: Bearer, and a token of this server in Authorization: Bearer.',
);
