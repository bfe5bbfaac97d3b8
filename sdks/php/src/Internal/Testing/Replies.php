<?php

declare(strict_types=1);

namespace OctoStore\Internal\Testing;

/**
 * Values as the server writes them.
 *
 * @internal
 */
final class Replies
{
    public static function date(float $ms): string
    {
        $seconds = (int) floor($ms / 1000);

        return gmdate('Y-m-d\TH:i:s', $seconds) . sprintf('.%03dZ', (int) ($ms - 1000 * $seconds));
    }

    /** The id of a user, or any other UUID that a name always gets. */
    public static function id(string $name): string
    {
        $hex = md5($name);

        return vsprintf('%s%s-%s-4%s-8%s-%s%s%s', [
            ...str_split(substr($hex, 0, 12), 4),
            substr($hex, 12, 3),
            substr($hex, 15, 3),
            ...str_split(substr($hex, 18, 12), 4),
        ]);
    }
}
