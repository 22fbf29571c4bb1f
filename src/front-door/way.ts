/** How callers are let in over HTTP: each with a key of its own, by tokens, or whoever comes, with the key of the server. */
export type Way = 'own_keys' | 'tokens' | 'open';

interface Given {
  sandbox: boolean;
  apiKey: string | undefined;
  tokens: string | undefined;
}

/** Which way it is, as the server is configured. */
export function wayOf({ sandbox, apiKey, tokens }: Given): Way {
  if (tokens !== undefined) return 'tokens';
  return sandbox || apiKey !== undefined ? 'open' : 'own_keys';
}
