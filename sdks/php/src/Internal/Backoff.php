<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Rules;

/** @internal */
final class Backoff
{
    /**
     * Milliseconds before the next attempt. Random between 0 and a bound that doubles with each failure, so that many clients spread out,
     * but never less than the server asked for.
     *
     * @param int $failures how many attempts have failed, from 1
     */
    public static function delayMs(int $failures, ?int $retryAfterMs = null): float
    {
        $boundMs = min(Rules::REPEAT_DELAY_MS_MAX, Rules::REPEAT_DELAY_MS_FIRST * 2 ** ($failures - 1));

        return max($retryAfterMs ?? 0, $boundMs * random_int(0, PHP_INT_MAX) / PHP_INT_MAX);
    }
}
