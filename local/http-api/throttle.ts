/**
 * Makes a token bucket: `burst` tokens at first, `rate` new ones a second, one for each request.
 *
 * @param now milliseconds of a clock that never goes back
 * @returns whether there is a token for the request that asks
 */
export function tokenBucket(
  { rate, burst }: { rate: number; burst: number },
  now: () => number = () => performance.now(),
): () => boolean {
  let tokens = burst;
  let filledAt = now();
  return () => {
    const at = now();
    tokens = Math.min(burst, tokens + ((at - filledAt) / 1_000) * rate);
    filledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
