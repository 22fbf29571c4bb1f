import type { Authenticator, Principal } from '../../../auth/authenticator.ts';
import { type HttpError, isHttpError } from '../../../lib/http-error.ts';
import type { HttpExchange } from '../http-exchange.ts';
import type { Middleware } from '../pipeline.ts';

/** Checks the HeyReach key, bearer token or access token of a request, from its headers alone. `src/auth/authenticator.ts` has the rules. */
export function authenticate(authenticator: Authenticator): Middleware {
  const setPrincipal = (exchange: HttpExchange, principal: Principal | HttpError) => {
    if (isHttpError(principal)) return principal;
    exchange.principal = principal;
    return undefined;
  };
  return (exchange) => {
    const pending = authenticator.authenticate(exchange.request);
    if (!(pending instanceof Promise)) return setPrincipal(exchange, pending);
    // The caller may have disconnected in the meantime.
    return pending.then((principal) => (exchange.response.closed ? 'ended' : setPrincipal(exchange, principal)));
  };
}

/** Checks the token again after the upload, during which its file may have been reloaded, or the token may have expired. */
export function reauthenticate(authenticator: Authenticator): Middleware {
  const authenticateAgain = authenticate(authenticator);
  return (exchange) => (authenticator.isStillValid(exchange.principal) ? undefined : authenticateAgain(exchange));
}
