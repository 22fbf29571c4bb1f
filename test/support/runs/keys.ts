/** Keys that tests use. The program must never write any of them. They cannot be confused with real keys. */
export const TEST_KEY = 'not-a-real-key/of+any=kind==';
export const OTHER_TEST_KEY = 'another-made-up-key/for+tests==';
export const TEST_ORGANIZATION_KEY = 'org-made-up-key/for+tests==';

export const ALL_TEST_KEYS = [TEST_KEY, OTHER_TEST_KEY, TEST_ORGANIZATION_KEY];
