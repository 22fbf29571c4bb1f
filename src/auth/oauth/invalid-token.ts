/** An access token is not accepted. The message says why, as the end of a sentence, without a part of the token. */
export class InvalidToken extends Error {}
