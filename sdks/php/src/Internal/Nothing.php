<?php

declare(strict_types=1);

namespace OctoStore\Internal;

/** @internal */
final class Nothing
{
    /** Of an answer that has no body. */
    public static function read(string $text): null
    {
        return $text === '' ? null : throw new \UnexpectedValueException('an answer that should be empty');
    }
}
