/** The form of an elicitation, as clients get it. */
export interface Form {
  type: string;
  properties: Record<string, { type: string; title?: string; enum?: string[]; default?: unknown }>;
  required?: string[];
}

/** The name of the only choice of a form, and the labels of its two answers. */
export function choiceIn({ properties }: Form): { name: string; yes: string; no: string } {
  const [name, field] = Object.entries(properties)[0] ?? [];
  const yes = field?.enum?.find((option) => !option.startsWith('Do not '));
  const no = field?.enum?.find((option) => option.startsWith('Do not '));
  if (name === undefined || yes === undefined || no === undefined) throw new Error('a form without a choice');
  return { name, yes, no };
}

/** Accepts a form with the positive answer. */
export function acceptForm(form: Form) {
  const { name, yes } = choiceIn(form);
  return { action: 'accept' as const, content: { [name]: yes } };
}

/** The form in a 2026-07-28 result that asks. */
export function formIn(asked: Record<string, unknown>): Form {
  const { confirm } = asked.inputRequests as Record<string, { params: { requestedSchema: Form } }>;
  return confirm!.params.requestedSchema;
}

/** The fields that a client of 2026-07-28 adds to the call after its person has accepted. */
export function allowing(asked: Record<string, unknown>) {
  return { inputResponses: { confirm: acceptForm(formIn(asked)) }, requestState: asked.requestState };
}
