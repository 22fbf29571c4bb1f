/** The form of an elicitation, as clients get it. */
export interface Form {
  type: string;
  properties: Record<string, { type: string; title?: string; enum?: string[]; default?: unknown }>;
  required?: string[];
}

/** The name of the one choice of a form, and its two answers as a person reads them. */
export function choiceIn({ properties }: Form): { name: string; yes: string; no: string } {
  const [name, field] = Object.entries(properties)[0] ?? [];
  const yes = field?.enum?.find((option) => !option.startsWith('Do not '));
  const no = field?.enum?.find((option) => option.startsWith('Do not '));
  if (name === undefined || yes === undefined || no === undefined) throw new Error('a form without a choice');
  return { name, yes, no };
}

/** Accepts a form as a person does who allows the call. */
export function acceptForm(form: Form) {
  const { name, yes } = choiceIn(form);
  return { action: 'accept' as const, content: { [name]: yes } };
}

/** The form in a result of 2026-07-28 that asks. */
export function formIn(asked: Record<string, unknown>): Form {
  const { confirm } = asked.inputRequests as Record<string, { params: { requestedSchema: Form } }>;
  return confirm!.params.requestedSchema;
}

/** What a client of 2026-07-28 adds to the call when its person has allowed it. */
export function allowing(asked: Record<string, unknown>) {
  return { inputResponses: { confirm: acceptForm(formIn(asked)) }, requestState: asked.requestState };
}
