import fc from 'fast-check';

/** The part of JSON Schema that published input schemas use. */
export interface InputSchema {
  type?: string;
  properties?: Record<string, InputSchema>;
  required?: string[];
  items?: InputSchema;
  anyOf?: InputSchema[];
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  additionalProperties?: boolean | InputSchema;
}

const MOST_ROWS = 3;

/** Texts for parameters that require a special form, by a part of their name. */
const FORMS: [RegExp, string[]][] = [
  [
    /profileUrl|leadUrl/i,
    ['https://www.linkedin.com/in/ada-example', 'ada-example-1a2b', 'linkedin.com/sales/lead/ACoAAExample,x'],
  ],
  [/webhookUrl/, ['https://example.com/hook']],
  [/email/i, ['ada@example.com']],
  [/linkedInProfileId/, ['580000141']],
  [/dailyStartTime/, ['08:00:00', '09:00']],
  [/dailyEndTime/, ['17:00:00', '24:00:00']],
  [/timeZone/, ['Europe/Berlin', 'Etc/GMT']],
  [/^startDate$/, ['2026-06-01']],
  [/^endDate$/, ['2026-07-01', '2026-06-30']],
  [/^(from|to|time(From|To)|created(From|To))$/, ['2026-06-01', '2026-06-01T09:00:00+02:00']],
  [/^since$/, ['last', '2026-06-01', '2026-06-01T09:00:00+02:00']],
  [/^bookmark$/, ['default', 'monday_report-2']],
  [/^name$/, ['favorite_color', 'Example']],
  [/^node$/, ['unconditionalNode']],
];

const END = { nodeType: 'END', actionDelay: 1, actionDelayUnit: 'DAY' };
const SEQUENCES = [
  { nodeType: 'VIEW_PROFILE', unconditionalNode: END },
  { nodeType: 'MESSAGE', payload: { messages: ['Hi'], fallbackMessage: 'Hi' }, unconditionalNode: END },
  { nodeType: 'CONNECTION_REQUEST', payload: { messages: [] }, unconditionalNode: END, conditionalNode: END },
];

/** Arguments that a schema accepts. Rules across parameters may reject some of them. */
export function validArguments(schema: InputSchema, name = ''): fc.Arbitrary<unknown> {
  if (name === 'sequence') return fc.constantFrom(...SEQUENCES);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((variant) => validArguments(variant, name)));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return validObject(schema);
    case 'array': {
      const { minItems = 0, maxItems = MOST_ROWS, items = {} } = schema;
      const bounds = { minLength: minItems, maxLength: Math.max(minItems, Math.min(MOST_ROWS, maxItems)) };
      return fc.array(validArguments(items, name.replace(/s$/, '')), bounds);
    }
    case 'integer': {
      const { minimum = 1, maximum = 999_999 } = schema;
      return fc.integer({ min: minimum, max: Math.min(maximum, minimum + 999_999) });
    }
    case 'number': {
      const { minimum = 0, maximum = 1_000 } = schema;
      return fc.double({ min: minimum, max: maximum, noNaN: true });
    }
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default: {
      const form = FORMS.find(([pattern]) => pattern.test(name))?.[1];
      if (form !== undefined) return fc.constantFrom(...form);
      const { minLength = 1, maxLength = 40 } = schema;
      return fc.string({ minLength: Math.max(3, minLength), maxLength: Math.max(3, Math.min(maxLength, 40)) });
    }
  }
}

function validObject({ properties = {}, required = [], additionalProperties }: InputSchema): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(
    Object.entries(properties)
      // A cursor always comes from a tool's result.
      .filter(([name]) => name !== 'cursor')
      .map(([name, field]) => [name, validArguments(field, name)]),
  );
  if (Object.keys(fields).length > 0) return validFields(fields, required);
  return typeof additionalProperties === 'object'
    ? fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,12}$/), validArguments(additionalProperties), { maxKeys: 3 })
    : fc.constant({});
}

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, '', 0, -1, 1.5, 1e300, true, 'false', [], {}, [[]], '../..', 'x'.repeat(20_000)),
  fc.constant(JSON.parse('{"__proto__":{"polluted":true}}')),
  fc.constant(JSON.parse('{"constructor":{"prototype":{"polluted":true}}}')),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Valid arguments with one error, at any depth: a value of another kind, or an unknown name. */
export function spoiledArguments(schema: InputSchema): fc.Arbitrary<unknown> {
  const spoiled = fc
    .tuple(validArguments(schema), odd, fc.nat(), fc.constantFrom('set', 'add', 'remove'), fc.string({ maxLength: 12 }))
    .map(([args, value, place, change, name]) => {
      const copy = structuredClone(args) as Record<string, unknown>;
      const places = placesOf(copy);
      const [parent, key] = places[place % places.length] ?? [copy, name];
      if (change === 'add' && !Array.isArray(parent)) define(parent, name === '' ? '__proto__' : name, value);
      else if (change === 'remove' && !Array.isArray(parent)) delete parent[key];
      else define(parent, key, value);
      return copy;
    });
  return fc.oneof({ weight: 8, arbitrary: spoiled }, { weight: 1, arbitrary: odd });
}

type Place = [parent: Record<string, unknown>, key: string];

function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]): Place[] => [
    [value as Record<string, unknown>, key],
    ...placesOf(item),
  ]);
}

function define(parent: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}

/**
 * Parameters of which a call takes exactly one. Most generated arguments follow that, because a rejected call tests
 * nothing of the tool.
 */
const ALTERNATIVES = [
  ['campaignId', 'campaignIds'],
  ['leadProfileUrl', 'leadProfileUrls', 'leadLinkedInId'],
  ['profileUrl', 'linkedinId', 'email'],
  ['profileUrls', 'file', 'text', 'fromListId', 'fromCampaignId', 'resultId'],
  ['toListId', 'toCampaignId', 'newListName'],
];

function validFields(fields: Record<string, fc.Arbitrary<unknown>>, required: string[]): fc.Arbitrary<unknown> {
  const anyOfThem = fc.record(fields, { requiredKeys: required });
  const groups = ALTERNATIVES.map((names) => names.filter((name) => name in fields && !required.includes(name))).filter(
    ({ length }) => length > 1,
  );
  if (groups.length === 0) return anyOfThem;
  const oneOfEach = fc.tuple(...groups.map((group) => fc.constantFrom(...group))).chain((chosen) => {
    const rest = Object.entries(fields).filter(
      ([name]) => chosen.includes(name) || !groups.some((group) => group.includes(name)),
    );
    return fc.record(Object.fromEntries(rest), { requiredKeys: [...required, ...chosen] });
  });
  return fc.oneof({ weight: 3, arbitrary: oneOfEach }, { weight: 1, arbitrary: anyOfThem });
}
