/** The response of a route. */
export interface ApiResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Ends a route with an error response. */
export class ApiError extends Error {
  readonly response: ApiResponse;

  constructor(response: ApiResponse) {
    super(response.body);
    this.response = response;
  }
}

export function jsonResponse(value: unknown, status = 200): ApiResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** No body and no content type: the response of most writes. */
export function emptyResponse(status = 200): ApiResponse {
  return { status, headers: {}, body: '' };
}

/** A body without a content type, as in the 401 responses. */
export function plainText(status: number, text: string): ApiResponse {
  return { status, headers: {}, body: text };
}

/** A violated business rule: `{"errorMessage": …}`. */
export function apiError(sentence: string, status = 400): ApiError {
  return new ApiError(jsonResponse({ errorMessage: sentence }, status));
}

/** A deserialisation error, with the serialiser's text. */
export function textError(sentence: string): ApiError {
  return new ApiError({ status: 400, headers: { 'content-type': 'text/plain' }, body: sentence });
}

/** The framework's validation problem, for failed model binding. */
export function validationError(errors: Record<string, string[]>): ApiError {
  const body = JSON.stringify({
    type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1',
    title: 'One or more validation errors occurred.',
    status: 400,
    errors,
    traceId: '00-00000000000000000000000000000001-0000000000000001-00',
  });
  return new ApiError({ status: 400, headers: { 'content-type': 'application/problem+json' }, body });
}
