import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, type JWTVerifyResult, jwtVerify } from 'jose';
import type { SigningKeys } from './signing-keys.ts';
import { InvalidToken } from './signing-keys.ts';

/** Only signatures by a private key of the issuer. With HS256 its public key could sign. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
/** The clock of the issuer may be ahead by this much. */
const CLOCK_TOLERANCE_SECONDS = 30;
/** `at+jwt` is the type of RFC 9068. Most issuers write JWT or nothing. */
const TYPES = ['at+jwt', 'application/at+jwt', 'jwt'];
const MAX_SUBJECT = 255;

/** What a valid access token says. */
export interface AccessToken {
  subject: string;
  /** The OAuth client that got the token. */
  client: string | undefined;
  scopes: string[];
  groups: string[];
  /** ms since the epoch. */
  validUntil: number;
}

/** The keys of an issuer, as jose finds them by the header of a token. */
export type KeySet = ReturnType<typeof createLocalJWKSet>;

/** @throws Error for a document that is no set of keys. */
export function parseKeySet(document: unknown): KeySet {
  return createLocalJWKSet(document as JSONWebKeySet);
}

interface AccessTokensOptions {
  issuer: string;
  /** A token must be for one of them. */
  audience: string[];
  keys: SigningKeys<KeySet>;
}

/** Verifies access tokens of one issuer for one audience. */
export class AccessTokens {
  readonly #options: AccessTokensOptions;

  constructor(options: AccessTokensOptions) {
    this.#options = options;
  }

  /** @throws InvalidToken, or IssuerUnavailable where the key of the token cannot be read. */
  async verify(token: string): Promise<AccessToken> {
    const { payload, protectedHeader } = await this.#verifySignature(token);
    const type = protectedHeader.typ?.toLowerCase();
    if (type !== undefined && !TYPES.includes(type)) throw new InvalidToken('its typ is not that of an access token');
    const problem = findOtherUse(payload, type);
    if (problem !== undefined) throw new InvalidToken(problem);
    const { sub, exp } = payload;
    if (typeof sub !== 'string' || sub === '' || sub.length > MAX_SUBJECT)
      throw new InvalidToken('it has no valid sub');
    const validUntil = exp! * 1_000;
    if (validUntil <= Date.now()) throw new InvalidToken('it has expired');
    return {
      subject: sub,
      client: clientOf(payload),
      scopes: [...words(payload.scope), ...words(payload.scp)],
      groups: Array.isArray(payload.groups) ? payload.groups.filter((group) => typeof group === 'string') : [],
      validUntil,
    };
  }

  async #verifySignature(token: string): Promise<JWTVerifyResult> {
    const { issuer, audience, keys } = this.#options;
    try {
      return await jwtVerify(token, (header, jws) => keys.find((set) => findKey(set, header, jws)), {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['sub', 'exp'],
      });
    } catch (error) {
      throw error instanceof errors.JOSEError ? new InvalidToken(describe(error)) : error;
    }
  }
}

/** @returns undefined where the set has no key of this id, or several for a token without one. */
async function findKey(set: KeySet, ...[header, jws]: Parameters<KeySet>) {
  try {
    return await set(header, jws);
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return undefined;
    throw error;
  }
}

/** Why a token is not an access token that a client may send in a header, as the end of a sentence. */
function findOtherUse(payload: JWTPayload, type: string | undefined): string | undefined {
  const { aud } = payload;
  const client = clientOf(payload);
  // An app of Entra can be client and API in one. Only its access tokens have scp.
  const isMarked = type?.endsWith('at+jwt') === true || payload.scp !== undefined;
  const isForClient = !isMarked && client !== undefined && (Array.isArray(aud) ? aud : [aud]).includes(client);
  const hasIdClaims = ['nonce', 'at_hash', 'c_hash'].some((claim) => payload[claim] !== undefined);
  // Keycloak has the use of a token in a claim, Cognito in another.
  const isNamedOtherwise =
    (typeof payload.typ === 'string' && !/^(bearer|at\+jwt|jwt)$/i.test(payload.typ)) || payload.token_use === 'id';
  if (isForClient || hasIdClaims || isNamedOtherwise) return 'it is an ID token or another token for the client';
  // Such a token needs a proof of its key, which this server cannot check.
  return payload.cnf === undefined
    ? undefined
    : 'it is bound to a key (cnf), and this server accepts bearer tokens only';
}

function clientOf({ client_id, azp }: JWTPayload): string | undefined {
  return [client_id, azp].find((value) => typeof value === 'string' && value !== '') as string | undefined;
}

/** The words of `scope` or `scp`: a text with spaces, or an array. */
function words(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((word) => word !== '');
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : [];
}

/** What is wrong with a token, as the end of a sentence, without its content. */
function describe(error: InstanceType<typeof errors.JOSEError>): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed)
    return CLAIM_PROBLEMS[error.claim] ?? 'one of its claims is wrong';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its alg is not allowed';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  return 'it is not a signed JWT';
}

const CLAIM_PROBLEMS: Record<string, string> = {
  iss: 'its iss is not HEYREACH_OAUTH_ISSUER',
  aud: 'its aud is not this server: HEYREACH_OAUTH_AUDIENCE, or else HEYREACH_PUBLIC_URL',
  nbf: 'it is not valid yet (nbf)',
  exp: 'it has no valid exp',
  sub: 'it has no valid sub',
};
