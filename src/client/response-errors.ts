import { isFromProxy, readErrorSentence } from './error-body.ts';
import { HeyReachError, type HeyReachErrorDetails, READ_BACK, retryIn } from './errors.ts';

function meaningOf403(sentence: string | undefined): string {
  if (sentence === undefined)
    return 'HeyReach, or a firewall in front of it, refused this without a reason. Nothing was changed.';
  return /subscri|\bplan\b|billing|payment/i.test(sentence)
    ? 'The workspace has no active subscription for this. Nothing was changed.'
    : 'HeyReach does not allow this in the workspace of the key. Nothing was changed.';
}

const CHECK_ADDRESS =
  'Check HEYREACH_BASE_URL: it must be the scheme and host of the API, such as https://api.heyreach.io';

interface ResponseContext {
  /** How long the key is held after a 429. */
  retryAfterSeconds?: number | undefined;
  /** Replaces secrets that HeyReach may have echoed. */
  hide?: ((text: string) => string) | undefined;
  /** The request named no identifier, so a 404 is not about one. */
  namesNothing?: boolean | undefined;
  /** Follows HeyReach's sentence in the message. */
  remark?: string | undefined;
}

type StatusError = Pick<HeyReachErrorDetails, 'kind' | 'meaning' | 'nextStep'> & Partial<HeyReachErrorDetails>;

/** The error for a response that is not 2xx, from its status and body. */
export function errorFromResponse(status: number, body: string, context: ResponseContext = {}): HeyReachError {
  const { hide, remark = '' } = context;
  const sentence = readErrorSentence(body, hide);
  const quoted = remark === '' ? sentence : `${sentence ?? `HTTP ${status}`} ${remark}`;
  const message = quoted ?? (status >= 500 ? `HTTP ${status} from HeyReach` : `HTTP ${status} without an explanation`);
  return new HeyReachError({
    status,
    outcome: 'refused',
    message,
    ...(isFromProxy(body) && isRejected(status) ? REJECTED_ON_THE_WAY : errorOfStatus(status, sentence, context)),
  });
}

/** A rejection whose meaning depends on its sender, HeyReach or a proxy before it. A 429 means the same from both. */
function isRejected(status: number): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

/** The next step after a 404 to a request that named no identifier. No tool can name a better one. */
export const CHECK_ROUTE =
  'Check that HEYREACH_BASE_URL is the scheme and host of the API; if it is, HeyReach no longer has this route.';

/** The next step after a 404 to a request with an identifier. A tool can name the call that finds it. */
export const LOOK_UP = 'Look the identifier up again with the matching list call.';

const MISSING_ROUTE: StatusError = {
  kind: 'not_found',
  meaning: 'HeyReach does not have a route that this tool needs. Nothing was changed.',
  nextStep: CHECK_ROUTE,
};

const REJECTED_ON_THE_WAY: StatusError = {
  kind: 'forbidden',
  meaning:
    'The response is a page of a CDN, proxy or firewall, not an answer of the HeyReach API. The request did not reach the API.',
  nextStep: `Call again in a few minutes. If it stays like this, check whether a VPN, proxy or firewall blocks this machine. ${CHECK_ADDRESS}.`,
};

function errorOfStatus(
  status: number,
  sentence: string | undefined,
  { retryAfterSeconds, namesNothing }: ResponseContext,
): StatusError {
  if (status >= 300 && status < 400) {
    return {
      kind: 'redirect',
      message: `HTTP ${status}: HeyReach answered with a redirect. The client does not follow redirects`,
      meaning:
        'The configured address is not the API itself. Following the redirect could send the key to another host.',
      nextStep: `${CHECK_ADDRESS}.`,
    };
  }
  if (status >= 500) {
    return {
      kind: 'server_error',
      outcome: 'unknown',
      meaning: 'HeyReach failed while handling the request. It may or may not have been carried out.',
      nextStep: READ_BACK,
    };
  }
  switch (status) {
    case 401:
      return {
        kind: 'unauthorized',
        meaning: 'The API key is missing, mistyped, deactivated, or not of the kind that this route takes.',
        nextStep:
          'Create a key of the kind "HeyReach API" under Settings, Integrations in HeyReach and configure it. Repeating the call will not help.',
      };
    case 403:
      return {
        kind: 'forbidden',
        meaning: meaningOf403(sentence),
        nextStep:
          'Check the subscription of the workspace that the key belongs to, then the rights of its user. Repeating the call will not help.',
      };
    case 404:
      if (namesNothing) return MISSING_ROUTE;
      return {
        kind: 'not_found',
        meaning: 'HeyReach has nothing with this identifier in the workspace of this key.',
        nextStep: LOOK_UP,
      };
    case 429:
      return {
        kind: 'rate_limited',
        retryAfterSeconds,
        meaning: 'The key has used its 300 requests a minute, perhaps through another program. Nothing was processed.',
        nextStep: retryIn(retryAfterSeconds),
      };
    default:
      return {
        kind: 'bad_request',
        meaning: 'HeyReach rejected the request. Nothing was changed.',
        // Method and content type never vary, so a 405 or 415 comes from another host, or HeyReach has changed.
        nextStep:
          status === 405 || status === 415
            ? `${CHECK_ADDRESS}. If it is, this is a defect of heyreach-mcp to report.`
            : 'Correct what the sentence names and call again.',
      };
  }
}

/**
 * The error for a 2xx whose body is an error. A write may have been carried out: the status says yes, and the sentence no.
 * @param isRead the operation changes nothing.
 */
export function errorIn2xx(status: number, sentence: string, isRead: boolean): HeyReachError {
  return new HeyReachError({
    kind: 'bad_request',
    status,
    message: sentence,
    ...(isRead
      ? {
          outcome: 'refused',
          meaning: `HeyReach answered HTTP ${status} with an error in place of the data.`,
          nextStep: 'Correct what the sentence names, or call again in a moment.',
        }
      : {
          outcome: 'unknown',
          meaning: `HeyReach answered HTTP ${status} with an error. The change may or may not have been carried out.`,
          nextStep: READ_BACK,
        }),
  });
}

/** The error for a 2xx whose body does not match the operation. */
export function unreadableResponse(status: number, why: string): HeyReachError {
  return new HeyReachError({
    kind: 'unreadable_answer',
    status,
    outcome: 'unknown',
    message: `HTTP ${status}, but the response could not be read: ${why}`,
    meaning: 'HeyReach accepted the request, but its response is broken.',
    nextStep: READ_BACK,
  });
}
