/**
 * DuckDB macros with the meaning of Trino's functions where DuckDB's own mean something else. A failure is a failing cast of its message,
 * because `error()` counts as volatile and could not stand in TRY.
 */
export const macros: readonly string[] = [
  `trino_fail(message) AS CAST('' || message AS INTEGER)`,
  `trino_whitespace() AS ' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)`,

  // Text
  `trino_substr(x, s) AS CASE WHEN s = 0 OR abs(s) > length(x) THEN CASE WHEN x IS NOT NULL THEN '' END ELSE substr(x, s) END`,
  `trino_substr_length(x, s, l) AS CASE WHEN s = 0 OR abs(s) > length(x) OR l <= 0 THEN CASE WHEN x IS NOT NULL AND s IS NOT NULL AND l IS NOT NULL THEN '' END ELSE substr(x, s, l) END`,
  `trino_replace(x, s, r) AS CASE WHEN s = '' THEN CAST(trino_fail('NOT_SUPPORTED: replace of the empty string') AS VARCHAR) ELSE replace(x, s, r) END`,
  `trino_split(x, d) AS CASE WHEN d = '' THEN [CAST(trino_fail('INVALID_FUNCTION_ARGUMENT: The delimiter may not be the empty string') AS VARCHAR)] ELSE string_split(x, d) END`,
  `trino_split_part(x, d, n) AS CASE WHEN n < 1 THEN CAST(trino_fail('INVALID_FUNCTION_ARGUMENT: Index must be greater than zero') AS VARCHAR) ELSE string_split(x, d)[n] END`,
  `trino_regexp_extract(x, p, g) AS CASE WHEN regexp_matches(x, p) THEN regexp_extract(x, p, g) END`,
  `trino_from_base(x, r) AS CASE r WHEN 16 THEN CASE WHEN starts_with(x, '-') THEN -CAST('0x' || substr(x, 2) AS BIGINT) ELSE CAST('0x' || x AS BIGINT) END WHEN 10 THEN CAST(x AS BIGINT) WHEN 2 THEN CAST('0b' || x AS BIGINT) ELSE trino_fail('NOT_SUPPORTED: radix ' || r) END`,
  `trino_to_base(x, r) AS CASE WHEN x < 0 THEN '-' ELSE '' END || lower(to_base(abs(x), CAST(r AS INTEGER)))`,
  `trino_json_scalar(x, p) AS CASE WHEN json_type(x, p) IN ('OBJECT', 'ARRAY') THEN NULL ELSE json_extract_string(x, p) END`,

  // Numbers
  `trino_div(a, b) AS CASE WHEN b = 0 THEN trino_fail('DIVISION_BY_ZERO: Division by zero') ELSE a // b END`,
  `trino_mod(a, b) AS CASE WHEN b = 0 AND typeof(b) NOT IN ('DOUBLE', 'FLOAT') THEN trino_fail('DIVISION_BY_ZERO: Division by zero') ELSE a % b END`,
  // Exact quotient of two decimals, rounded half up, on their unscaled values; `shift` is the power of ten that gives the result's scale.
  `trino_unscaled(x) AS CAST(replace(CAST(x AS VARCHAR), '.', '') AS HUGEINT)`,
  `trino_divide_unscaled(a, b, shift) AS CASE WHEN b = 0 THEN trino_fail('DIVISION_BY_ZERO: Division by zero') ELSE (2 * abs(trino_unscaled(a)) * shift + abs(trino_unscaled(b))) // (2 * abs(trino_unscaled(b))) * CASE WHEN (a < 0) = (b < 0) THEN 1 ELSE -1 END END`,
  `trino_decimal_text(t, scale) AS CASE WHEN scale = 0 THEN t ELSE left(t, -scale) || '.' || right(t, scale) END`,
  `trino_decimal(unscaled, scale) AS CASE WHEN unscaled < 0 THEN '-' ELSE '' END || trino_decimal_text(lpad(CAST(abs(unscaled) AS VARCHAR), CAST(greatest(scale + 1, length(CAST(abs(unscaled) AS VARCHAR))) AS INTEGER), '0'), scale)`,
  `trino_sqrt(x) AS CASE WHEN x < 0 THEN 'NaN'::DOUBLE ELSE sqrt(x) END`,
  `trino_ln(x) AS CASE WHEN x < 0 THEN 'NaN'::DOUBLE WHEN x = 0 THEN '-Infinity'::DOUBLE ELSE ln(x) END`,
  `trino_log2(x) AS CASE WHEN x < 0 THEN 'NaN'::DOUBLE WHEN x = 0 THEN '-Infinity'::DOUBLE ELSE log2(x) END`,
  `trino_log10(x) AS CASE WHEN x < 0 THEN 'NaN'::DOUBLE WHEN x = 0 THEN '-Infinity'::DOUBLE ELSE log10(x) END`,
  `trino_width_bucket(x, low, high, n) AS CASE WHEN low = high OR n <= 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: bounds cannot equal each other and bucketCount must be greater than 0') WHEN low > high THEN CASE WHEN x > low THEN 0 WHEN x <= high THEN n + 1 ELSE CAST(floor((low - x) / (low - high) * n) AS BIGINT) + 1 END WHEN x < low THEN 0 WHEN x >= high THEN n + 1 ELSE CAST(floor((x - low) / (high - low) * n) AS BIGINT) + 1 END`,
  // DuckDB holds NaN equal to itself and above all other numbers.
  ...(['=', '>', '>=', '<', '<='] as const).map(
    (operator, index) =>
      `trino_float_${['eq', 'gt', 'ge', 'lt', 'le'][index]}(a, b) AS CASE WHEN isnan(a) OR isnan(b) THEN false ELSE a ${operator} b END`,
  ),
  `trino_float_ne(a, b) AS CASE WHEN isnan(a) OR isnan(b) THEN true ELSE a <> b END`,

  // Casts
  `trino_digits(m) AS ltrim(split_part(m, '.', 1) || split_part(m, '.', 2), '0')`,
  `trino_exponent(m) AS CASE WHEN ltrim(split_part(m, '.', 1), '0') <> '' THEN length(ltrim(split_part(m, '.', 1), '0')) - 1 ELSE length(ltrim(split_part(m, '.', 2), '0')) - length(split_part(m, '.', 2)) - 1 END`,
  `trino_scientific(d, e) AS substr(d, 1, 1) || '.' || CASE WHEN rtrim(substr(d, 2), '0') = '' THEN '0' ELSE rtrim(substr(d, 2), '0') END || 'E' || e`,
  `trino_float_text(x) AS CASE WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN CASE WHEN x < 0 THEN '-Infinity' ELSE 'Infinity' END ELSE CASE WHEN starts_with(CAST(x AS VARCHAR), '-') THEN '-' ELSE '' END || CASE WHEN x = 0 THEN '0.0E0' ELSE trino_scientific(trino_digits(split_part(ltrim(CAST(x AS VARCHAR), '-'), 'e', 1)), trino_exponent(split_part(ltrim(CAST(x AS VARCHAR), '-'), 'e', 1)) + CASE WHEN contains(CAST(x AS VARCHAR), 'e') THEN CAST(split_part(CAST(x AS VARCHAR), 'e', 2) AS INTEGER) ELSE 0 END) END END`,
  // As results show doubles: plain digits from a thousandth up to ten million, else scientific.
  `trino_float_display(x) AS CASE WHEN isnan(x) OR isinf(x) OR (x <> 0 AND abs(x) < 1e-3) OR abs(x) >= 1e7 THEN trino_float_text(x) ELSE CAST(x AS VARCHAR) END`,
  `trino_cast_check(x, p, name) AS CASE WHEN regexp_full_match(x, p) THEN x WHEN x IS NOT NULL THEN CAST(trino_fail('INVALID_CAST_ARGUMENT: Cannot cast ''' || x || ''' to ' || name) AS VARCHAR) END`,
  `trino_date(x) AS CAST(trino_cast_check(x, '\\s*[+-]?\\d{4,}-\\d{1,2}-\\d{1,2}\\s*', 'date') AS DATE)`,

  `trino_whole_day(x) AS CASE WHEN x <> date_trunc('day', x) THEN CAST(CAST(trino_fail('INVALID_FUNCTION_ARGUMENT: Cannot add hour, minutes or seconds to a date') AS VARCHAR) AS DATE) ELSE CAST(x AS DATE) END`,

  // Arrays
  `trino_contains(a, x) AS CASE WHEN list_contains(a, x) THEN true WHEN x IS NULL OR a IS NULL OR len(list_filter(a, lambda e: e IS NULL)) > 0 THEN NULL ELSE false END`,
  `trino_element_at(a, i) AS CASE WHEN i = 0 THEN list_extract(a, CAST(trino_fail('INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1') AS BIGINT)) ELSE list_extract(a, i) END`,
  `trino_subscript(a, i) AS CASE WHEN i < 1 OR i > len(a) THEN list_extract(a, CAST(trino_fail('INVALID_FUNCTION_ARGUMENT: Array subscript must be between 1 and ' || len(a) || ', is ' || i) AS BIGINT)) ELSE list_extract(a, i) END`,
  `trino_map_subscript(m, k) AS CASE WHEN map_contains(m, k) THEN m[k] WHEN m IS NOT NULL THEN list_extract(map_values(m), CAST(trino_fail('INVALID_FUNCTION_ARGUMENT: Key not present in map: ' || k) AS BIGINT)) END`,
  `trino_array_distinct(a) AS list_concat(list_distinct(a), list_slice(list_filter(a, lambda e: e IS NULL), 1, 1))`,
  `trino_array_extreme(a, x) AS CASE WHEN len(list_filter(a, lambda e: e IS NULL)) > 0 THEN NULL ELSE x END`,
];
