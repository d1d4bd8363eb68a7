/**
 * The version of this package. The module announces its own when it starts, and the two must be the same:
 * the numbers that cross the boundary mean nothing to a core of another version.
 */
export const VERSION = "0.1.0";
