<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** Your `StopToken` ended a call while it waited. This is not an `OctoStoreException`, because nothing went wrong. */
final class StoppedException extends \RuntimeException
{
}
