package dev.petiole.registry.revision;

/// What makes one text of another that is much like it: `<length of the common beginning>,<length of the common
/// end>,<what lies between>`. An item's changes are small, and the log holds it before and after each.
final class Patch {

    private static final char SEPARATOR = ',';

    private Patch() {}

    /// @return what makes `target` of `base`
    static String between(String base, String target) {
        int most = Math.min(base.length(), target.length());
        int prefix = 0;
        while (prefix < most && base.charAt(prefix) == target.charAt(prefix)) {
            prefix++;
        }
        int suffix = 0;
        while (suffix < most - prefix
                && base.charAt(base.length() - 1 - suffix) == target.charAt(target.length() - 1 - suffix)) {
            suffix++;
        }
        return "" + prefix + SEPARATOR + suffix + SEPARATOR + target.substring(prefix, target.length() - suffix);
    }

    /// @return the target of the patch
    static String apply(String base, String patch) {
        int first = patch.indexOf(SEPARATOR);
        int second = patch.indexOf(SEPARATOR, first + 1);
        int prefix = Integer.parseInt(patch, 0, first, 10);
        int suffix = Integer.parseInt(patch, first + 1, second, 10);
        return base.substring(0, prefix) + patch.substring(second + 1) + base.substring(base.length() - suffix);
    }
}
