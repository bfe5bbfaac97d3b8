<?php

declare(strict_types=1);

namespace OctoStore\Conformance;

/** What the driver was told to fail with. */
final class ProgramException extends \RuntimeException
{
}
