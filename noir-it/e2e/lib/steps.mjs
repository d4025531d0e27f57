// Subtests of which each begins where the one before it has ended.

/**
 * @param {import('node:test').TestContext} t
 * @returns {(name: string, run: (t: import('node:test').TestContext) => unknown) => Promise<void>} runs a subtest; once one has
 *   failed, those after it are left out: they would wait in vain for what it has not done, each up to its own deadline
 */
export function steps(t) {
  let failed = null;
  return (name, run) => {
    const skip = failed !== null && `for “${failed}” has failed`;
    return t.test(name, { skip }, async (inner) => {
      try {
        await run(inner);
      } catch (error) {
        failed = name;
        throw error;
      }
    });
  };
}
