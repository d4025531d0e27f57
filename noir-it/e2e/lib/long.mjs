// ./noir test has minutes for the cluster. E2E_LONG=1 runs the same tests with the full numbers.

const LONG = Boolean(process.env.E2E_LONG);

/** @template T @param {{ short: T, long: T }} choice @returns {T} */
export function size({ short, long }) {
  return LONG ? long : short;
}
