/** ln 2 rounded down to 42 fraction bits, so that its product with any exponent of a double is exact. */
export const ln2High = 0.6931471805598903;
/** ln 2 − `ln2High`. */
export const ln2Low = 5.497923018708371e-14;
