/**
 * A clock that runs from now, or, with `today`, as if it were that UTC day: what will the fleet look
 * like by then?
 */
export function createClock(today: string | undefined): () => Date {
  if (today === undefined) return () => new Date();
  const start = new Date();
  const shiftMs = Date.parse(today) - Date.parse(start.toISOString().slice(0, 10));
  return () => new Date(Date.now() + shiftMs);
}
