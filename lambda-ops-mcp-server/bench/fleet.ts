/** The emulated fleet: 10,000 functions in 17 regions, 100,000 rows with all versions. */
export const LATENCY_MS = 40;
export const FUNCTIONS = 10_000;
export const VERSIONS_PER_FUNCTION = 9;
const PAGE_SIZE = 50;

const REGIONS = [
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1'],
  ...['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1', 'eu-north-1'],
  ...['ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ap-northeast-1', 'ap-northeast-2'],
  'ap-northeast-3',
];
/** Functions of the larger regions; the rest of the fleet is spread over the other ones. */
const LARGE: Record<string, number> = {
  'us-east-1': 3_000,
  'us-west-2': 2_000,
  'eu-west-1': 1_500,
};

/** Functions in each region: a few large ones, as accounts have, or the same number in each. */
export function regionSizes(isEven: boolean): Record<string, number> {
  const large = isEven ? {} : LARGE;
  const rest = FUNCTIONS - Object.values(large).reduce((sum, size) => sum + size, 0);
  const others = REGIONS.filter((region) => !(region in large));
  const share = Math.floor(rest / others.length);
  const sizes = Object.fromEntries(others.map((region) => [region, share]));
  const first = others[0];
  if (first !== undefined) sizes[first] = share + (rest - share * others.length);
  return { ...sizes, ...large };
}

/** No scan can be faster: a region's pages come one after the other. In milliseconds. */
export function floorMs(isEven: boolean, rowsPerFunction: number): number {
  const largest = Math.max(...Object.values(regionSizes(isEven)));
  return Math.ceil((largest * rowsPerFunction) / PAGE_SIZE) * LATENCY_MS;
}
